import { taskState, wakeAt, type TaskTemplate } from '@askflash/dag-templates';
import type { NewTask, TaskChange, TaskHistory } from '@askflash/typeorm-entities';
import type { TaskRecord } from './task-record';

/** Reads a row back. */
export function toRecord(row: TaskHistory, template: TaskTemplate): TaskRecord {
  const { id, userId, query, input, priority, retryOf, idempotencyKey, requestHash } = row;
  const { traceparent, createdAt, updatedAt, finishedAt } = row;
  return {
    id,
    userId,
    query,
    input,
    priority,
    retryOf,
    idempotencyKey,
    requestHash,
    traceparent,
    template,
    state: taskState.parse(row.state),
    createdAt,
    updatedAt,
    finishedAt,
  };
}

/** What a transition changes of a row. */
export function toChange({ id, state, finishedAt }: TaskRecord): TaskChange {
  const { status, seq: eventSeq, result, error } = state;
  return {
    id,
    status,
    state: { ...state },
    eventSeq,
    result,
    error,
    wakeAt: toDate(wakeAt(state)),
    deadlineAt: toDate(state.deadlineAt),
    finishedAt,
  };
}

/** A new row. */
export function toNewRow(task: TaskRecord): NewTask {
  const { userId, query, input, template, priority, createdAt } = task;
  const { retryOf, idempotencyKey, requestHash, traceparent } = task;
  return {
    ...toChange(task),
    userId,
    query,
    input,
    templateName: template.name,
    templateVersion: template.version,
    priority,
    retryOf,
    idempotencyKey,
    requestHash,
    traceparent,
    createdAt,
  };
}

function toDate(moment: number | null): Date | null {
  return moment === null ? null : new Date(moment);
}
