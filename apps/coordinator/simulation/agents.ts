import { newId } from '@askflash/config';
import { STAGE_COMPLETED, STAGE_FAILED, type StageRequested } from '@askflash/contracts';
import { PLAUSIBLE } from '../test/stand-in-agents';
import type { Broker } from './broker';
import type { Choices } from './choices';
import type { Process } from './operations';
import type { Entry } from './queue';

const INSTANCE = newId();
/** Who reports what it was never asked for. */
export const MISTAKEN_AGENT = 'mistaken';
/** What no database stores. */
export const POISON = { poison: true };
const AGENT: Process = { crashed: false, frozen: false };

/** What an agent makes of a request; the first is what it should. */
const WAYS = [
  'completes',
  'completes',
  'completes',
  'fails',
  'gives up',
  'is silent',
  'completes',
  'completes',
  'dies',
  'is ahead',
  'knows another backbone',
  'poisons',
] as const;

/** Works one request off, more or less as it should; it may come back to its queue. */
export function workOff(broker: Broker, entry: Entry<StageRequested>, choices: Choices): void {
  const way = WAYS[choices.pick(WAYS.length)] ?? 'completes';
  const delivery = broker.requests.deliver(entry, AGENT);
  const isSettled = !choices.happens(12);
  if (way === 'dies' || !isSettled) delivery.giveBack();
  else delivery.acknowledge();
  if (way === 'is silent' || way === 'dies') return;
  const { stage, attempt, taskId } = entry.message;
  const about = {
    taskId: way === 'knows another backbone' ? newId() : taskId,
    stage,
    attempt: way === 'is ahead' ? attempt + 1 : attempt,
    agent: way === 'is ahead' ? MISTAKEN_AGENT : 'agent',
    ...{ instanceId: INSTANCE, durationMs: 1 },
    startedAt: new Date().toISOString(),
  };
  if (way === 'fails' || way === 'gives up') {
    const error = { code: 'AGENT_BROKE', message: 'It broke', retryable: way === 'fails' };
    broker.reports.put({ contract: STAGE_FAILED, payload: { ...about, error } });
  } else {
    const output = outputOf(stage, choices);
    const payload = { ...about, output: way === 'poisons' ? { ...output, ...POISON } : output };
    broker.reports.put({ contract: STAGE_COMPLETED, payload });
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
