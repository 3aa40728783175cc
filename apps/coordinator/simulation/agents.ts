import { newId } from '@askflash/config';
import { STAGE_COMPLETED, STAGE_FAILED, type StageRequested } from '@askflash/contracts';
import { PLAUSIBLE } from '../test/stand-in-agents';
import type { Broker } from './broker';
import type { Choices } from './choices';

const INSTANCE = newId();

/** What an agent makes of a request; the first is what it should. */
const WAYS = ['completes', 'completes', 'completes', 'fails', 'gives up', 'is silent'] as const;

/** Works one request off, more or less as it should; it may stay in its queue, to be delivered again. */
export function workOff(broker: Broker, request: StageRequested, choices: Choices): void {
  const way = WAYS[choices.pick(WAYS.length)] ?? 'completes';
  if (!choices.happens(12)) broker.requests.splice(broker.requests.indexOf(request), 1);
  if (way === 'is silent') return;
  const { taskId, stage, attempt } = request;
  const about = {
    ...{ taskId, stage, attempt, agent: 'agent', instanceId: INSTANCE, durationMs: 1 },
    startedAt: new Date().toISOString(),
  };
  if (way === 'completes') {
    const payload = { ...about, output: outputOf(stage, choices) };
    broker.reports.push({ contract: STAGE_COMPLETED, payload });
  } else {
    const error = { code: 'AGENT_BROKE', message: 'It broke', retryable: way === 'fails' };
    broker.reports.push({ contract: STAGE_FAILED, payload: { ...about, error } });
  }
}

/** Now and then one that leads off the straight way. */
function outputOf(stage: string, choices: Choices) {
  const output = PLAUSIBLE[stage] ?? {};
  if (stage === 'moderation' && choices.happens(3)) return { confidence: 0.1, reasons: [] };
  if (stage === 'executor_reasoning' && choices.happens(3))
    return { ...output, needsWebSearch: true };
  return output;
}
