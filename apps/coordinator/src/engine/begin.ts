import { isTerminal } from '@askflash/contracts';
import { givenBefore, startTask, type Given, type TaskTemplate } from '@askflash/dag-templates';
import { TaskNotEndedError } from '../tasks/errors';
import { follow, type Advance } from './advance';
import type { EngineEvent, NewTask } from './engine-event';
import type { TaskRecord } from './task-record';

/** Starts a task. `now` is the database's clock. */
export function begin(created: NewTask, template: TaskTemplate, now: Date): Advance {
  return start(created, { template, now, retryOf: null });
}

/**
 * Starts a task that repeats one that has ended, under the version of the template that one ran.
 *
 * @throws {TaskNotEndedError}
 * @throws {RetryStageInvalidError}
 */
export function repeat(
  ended: TaskRecord,
  { taskId, from, idempotency, traceparent }: Extract<EngineEvent, { type: 'retry' }>,
  now: Date,
): Advance {
  const { template, state, createdAt } = ended;
  if (!isTerminal(state.status)) throw new TaskNotEndedError(ended.id);
  const deadlineMs = state.deadlineAt === null ? undefined : state.deadlineAt - createdAt.getTime();
  return start(
    { ...ended, id: taskId, deadlineMs, idempotency, traceparent },
    { template, now, retryOf: ended.id, given: givenBefore(template, state, from) },
  );
}

function start(
  { id, userId, query, input, priority, ...rest }: Omit<NewTask, 'templateName'>,
  { template, now, retryOf, given }: Start,
): Advance {
  const { deadlineMs, idempotency, traceparent = null } = rest;
  const deadlineAt = deadlineMs === undefined ? null : now.getTime() + deadlineMs;
  const transition = startTask({
    taskId: id,
    template,
    input,
    now: now.getTime(),
    deadlineAt,
    retryOf,
    given,
  });
  const task: TaskRecord = {
    id,
    userId,
    query,
    input,
    priority,
    retryOf,
    idempotencyKey: idempotency?.key ?? null,
    requestHash: idempotency?.requestHash ?? null,
    traceparent,
    template,
    state: transition.state,
    createdAt: now,
    updatedAt: now,
    finishedAt: null,
  };
  return follow(task, transition, now);
}

interface Start {
  readonly template: TaskTemplate;
  readonly now: Date;
  readonly retryOf: string | null;
  readonly given?: Given;
}
