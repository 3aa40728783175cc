import { type JsonObject, isTerminal, outputSchemaOf } from '@askflash/contracts';
import { advance } from './advance';
import { Draft } from './draft';
import { FAILURES } from './failures';
import { expireAttempts, failAttempt } from './retry';
import { reviseIfDoubtful } from './revision';
import { EXECUTOR, MODERATION } from './stage-roles';
import type { TaskState } from './task-state';
import type { TaskTemplate, TemplateStage } from './template';
import type { IgnoredReason, IncomingEvent, Transition } from './transition';
import { wakeAt } from './wake-at';
import { insertWebSearchIfWanted } from './web-search';

/**
 * Takes a task one event further; the moves are drawn at `stageState` and `taskState`. Pure: the
 * same arguments give the same transition, and none of them is changed. It never throws. An event
 * applied a second time is ignored.
 *
 * A task whose deadline has passed fails at the next event, whatever that is, unless it is `abort`.
 *
 * @param template the very version the task started with
 * @param now epoch milliseconds of the database's clock
 */
export function reduce(
  template: TaskTemplate,
  state: TaskState,
  event: IncomingEvent,
  now: number,
): Transition {
  if (isTerminal(state.status)) return ignored(state, 'task_finished');
  const draft = new Draft(template, state, now);
  if (event.type === 'abort') draft.abort(event.reason);
  else if (draft.isOverdue) draft.failOverdue();
  else {
    const reason = apply(draft, event);
    if (reason !== undefined) return ignored(state, reason);
  }
  if (!draft.hasEnded) advance(draft);
  return draft.toTransition();
}

function apply(
  draft: Draft,
  event: Exclude<IncomingEvent, { type: 'abort' }>,
): IgnoredReason | undefined {
  if (event.type === 'tick') {
    if ((wakeAt(draft.state) ?? Infinity) > draft.now) return 'nothing_due';
    expireAttempts(draft);
    return undefined;
  }
  const stage = draft.stages.find(({ name }) => name === event.stage);
  const state = draft.stageState(event.stage);
  if (stage === undefined || state === undefined) return 'unknown_stage';
  if (event.attempt < state.attempt) return 'stale_attempt';
  if (event.attempt > state.attempt) return 'unknown_attempt';
  if (state.status !== 'requested') return 'stage_not_running';
  if (event.type === 'stage.failed') failAttempt(draft, stage, event.error);
  else completeAttempt(draft, stage, event.output);
  return undefined;
}

function completeAttempt(draft: Draft, stage: TemplateStage, output: JsonObject): void {
  const { name } = stage;
  const state = draft.stageState(name);
  if (state === undefined) return;
  const parsed = outputSchemaOf(name)?.safeParse(output);
  if (parsed?.success === false) {
    const message = `The output of ${name} lacks or mistypes ${parsed.error.issues.map(({ path }) => path.join('.')).join(', ')}`;
    failAttempt(draft, stage, { code: FAILURES.stageOutputInvalid.code, message, retryable: true });
    return;
  }
  Object.assign(state, {
    status: 'completed',
    requestedAt: null,
    deadlineAt: null,
    output,
    error: null,
  });
  draft.emit('stage.completed', {}, { stage: name, attempt: state.attempt });
  if (name === EXECUTOR) insertWebSearchIfWanted(draft, output);
  if (name === MODERATION) reviseIfDoubtful(draft, output);
}

function ignored(state: TaskState, reason: IgnoredReason): Transition {
  return { outcome: 'ignored', reason, state, events: [], commands: [] };
}
