import { createHash } from 'node:crypto';
import { type Draft, isoTime } from './draft';
import { FAILURES } from './failures';
import type { StageState } from './task-state';
import type { RetryPolicy, TemplateStage } from './template';
import type { StageError } from './transition';

/**
 * Ends the current attempt of a stage as failed: another one is scheduled, or the stage fails and
 * the task with it.
 */
export function failAttempt(draft: Draft, { name, retry }: TemplateStage, error: StageError): void {
  const state = draft.stageState(name);
  if (state === undefined) return;
  const { code, message, retryable } = error;
  const { attempt } = state;
  const failures = state.failures + 1;
  const failure = { code, message, stage: name };
  draft.emit('stage.failed', { code, message, retryable }, { stage: name, attempt });
  const ended = { failures, error: failure, requestedAt: null, deadlineAt: null };
  if (!retryable || failures > retry.limit) {
    Object.assign(state, { ...ended, status: 'failed' } satisfies Partial<StageState>);
    draft.fail(failure);
    return;
  }
  const seed = `${draft.state.taskId}/${name}/${attempt}`;
  const retryAt = draft.now + pauseMs(retry, failures, seed, error.retryAfterMs);
  Object.assign(state, { ...ended, status: 'backing_off', retryAt } satisfies Partial<StageState>);
  draft.emit('stage.retry_scheduled', { retryAt: isoTime(retryAt) }, { stage: name, attempt });
}

/** Gives up every attempt whose time is over, until one of them ends the task. */
export function expireAttempts(draft: Draft): void {
  for (const stage of draft.stages) {
    const deadlineAt = draft.stageState(stage.name)?.deadlineAt ?? Infinity;
    if (draft.hasEnded || deadlineAt > draft.now) continue;
    const message = `No answer within ${stage.timeoutMs} ms`;
    failAttempt(draft, stage, { code: FAILURES.stageUnanswered.code, message, retryable: true });
  }
}

/**
 * Pause before a retry, in milliseconds: exponential, with the upper half of it as jitter, so that
 * stages that failed together do not come back together. The jitter follows from the seed alone.
 *
 * @param failures failed attempts of this round, from 1
 * @param wishMs what the agent asks for; it can make the pause longer, never past the policy's longest
 */
export function pauseMs(
  { backoffMs, factor, maxBackoffMs }: RetryPolicy,
  failures: number,
  seed: string,
  wishMs = 0,
): number {
  const longest = Math.min(backoffMs * factor ** (failures - 1), maxBackoffMs);
  const jittered = Math.round(longest * (0.5 + 0.5 * fractionOf(seed)));
  return Math.max(jittered, Math.min(wishMs, maxBackoffMs));
}

/** A number from 0 up to 1, evenly spread over seeds. */
function fractionOf(seed: string): number {
  return createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32;
}
