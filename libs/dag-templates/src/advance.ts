import { COORDINATOR_STAGES, type JsonObject } from '@askflash/contracts';
import { type Verdict, judge } from './condition';
import { type Draft, isoTime } from './draft';
import { FAILURES } from './failures';
import { topologicalOrder } from './graph';
import type { StageState } from './task-state';
import type { TemplateStage } from './template';

/** Of a stage without a condition. */
const RUN: Verdict = { outcome: 'true' };

/**
 * Does all that can be done now: requests retries that are due and every stage whose dependencies
 * are settled, skips those whose `when` is false, and completes the task once nothing is left. A
 * `when` that cannot be told fails the task: neither to run the stage nor to skip it would be right.
 */
export function advance(draft: Draft): void {
  const stages = topologicalOrder(draft.stages);
  for (const stage of stages) {
    const state = draft.stageState(stage.name);
    if (state === undefined) continue;
    if (isDue(state, draft.now)) request(draft, stage, state);
    if (state.status === 'pending' && stage.dependsOn.every((name) => isSettled(draft, name))) {
      begin(draft, stage, state);
      if (draft.hasEnded) return;
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

function begin(draft: Draft, stage: TemplateStage, state: StageState): void {
  const { when, name } = stage;
  const { template } = draft;
  const verdict =
    when === undefined ? RUN : judge(when, { template, state: draft.state, stage: name });
  if (verdict.outcome === 'true') request(draft, stage, state);
  else if (verdict.outcome === 'false') skip(draft, stage, state);
  else failCondition(draft, stage, state, verdict.message);
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

function failCondition(
  draft: Draft,
  { name }: TemplateStage,
  state: StageState,
  reason: string,
): void {
  const { code } = FAILURES.stageConditionBroken;
  const message = `Whether ${name} is to run cannot be told: ${reason}`;
  const failure = { code, message, stage: name };
  Object.assign(state, { status: 'failed', error: failure } satisfies Partial<StageState>);
  draft.emit('stage.failed', { code, message, retryable: false }, { stage: name });
  draft.fail(failure);
}

/** Output of the last stage that gave one; empty where every stage was skipped. */
function resultOf(draft: Draft, stages: readonly TemplateStage[]): JsonObject {
  const outputs = stages.map(({ name }) => draft.stageState(name)?.output ?? null);
  return outputs.findLast((output) => output !== null) ?? {};
}
