import { COORDINATOR_STAGES, type JsonObject } from '@askflash/contracts';
import { holds } from './condition';
import { type Draft, isoTime } from './draft';
import { topologicalOrder } from './graph';
import type { StageState } from './task-state';
import type { TemplateStage } from './template';

/**
 * Does all that can be done now: requests retries that are due and every stage whose dependencies
 * are settled, skips those whose `when` is false, and completes the task once nothing is left.
 */
export function advance(draft: Draft): void {
  const stages = topologicalOrder(draft.stages);
  for (const stage of stages) {
    const state = draft.stageState(stage.name);
    if (state === undefined) continue;
    if (isDue(state, draft.now)) request(draft, stage, state);
    if (state.status === 'pending' && stage.dependsOn.every((name) => isSettled(draft, name))) {
      if (stage.when === undefined || holds(stage.when, draft.state)) request(draft, stage, state);
      else skip(draft, stage, state);
    }
  }
  if (draft.stages.every(({ name }) => isSettled(draft, name)))
    draft.complete(resultOf(draft, stages));
}

function isDue({ retryAt }: StageState, now: number): boolean {
  return retryAt !== null && now >= retryAt;
}

function isSettled(draft: Draft, name: string): boolean {
  const status = draft.stageState(name)?.status;
  return status === 'completed' || status === 'skipped';
}

function request(draft: Draft, { name, timeoutMs }: TemplateStage, state: StageState): void {
  const attempt = state.attempt + 1;
  const deadlineAt = Math.min(draft.now + timeoutMs, draft.state.deadlineAt ?? Infinity);
  Object.assign(state, {
    status: 'requested',
    attempt,
    requestedAt: draft.now,
    deadlineAt,
    retryAt: null,
  } satisfies Partial<StageState>);
  draft.emit(
    'stage.requested',
    { timeoutMs, deadlineAt: isoTime(deadlineAt) },
    { stage: name, attempt },
  );
  draft.command(
    COORDINATOR_STAGES.includes(name)
      ? { type: 'run_in_coordinator', stage: name, attempt }
      : { type: 'request_stage', stage: name, attempt, timeoutMs, deadlineAt },
  );
}

function skip(draft: Draft, { name }: TemplateStage, state: StageState): void {
  state.status = 'skipped';
  draft.emit('stage.skipped', {}, { stage: name });
}

/** Output of the last stage that gave one; empty where every stage was skipped. */
function resultOf(draft: Draft, stages: readonly TemplateStage[]): JsonObject {
  const outputs = stages.map(({ name }) => draft.stageState(name)?.output ?? null);
  return outputs.findLast((output) => output !== null) ?? {};
}
