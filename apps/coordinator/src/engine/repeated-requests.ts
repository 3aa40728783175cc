import { CoordinatorBusyError, IdempotencyKeyReusedError } from '../tasks/errors';
import type { Outcome } from './advance';
import type { TaskRecord } from './task-record';
import type { TaskStore } from './task-store';

/**
 * A new task that is there already, being of a repeated request or of a batch whose commit was not
 * heard of, changes nothing: its request gets the task that is there.
 */
export async function replaceRepeated(
  store: Pick<TaskStore, 'existing'>,
  outcomes: readonly Outcome[],
  created: readonly TaskRecord[],
  inserted: ReadonlySet<string>,
): Promise<Outcome[]> {
  const repeated = new Set(created.filter(({ id }) => !inserted.has(id)));
  const replaced: Outcome[] = [];
  for (const outcome of outcomes) {
    const isRepeated = outcome.status === 'fulfilled' && repeated.has(outcome.value.task);
    replaced.push(isRepeated ? await findExisting(store, outcome.value.task) : outcome);
  }
  return replaced;
}

async function findExisting(
  store: Pick<TaskStore, 'existing'>,
  wanted: TaskRecord,
): Promise<Outcome> {
  const task = await store.existing(wanted);
  if (task?.requestHash === wanted.requestHash) {
    const value = { task, events: [], messages: [], ignored: 'repeated_request' };
    return { status: 'fulfilled', value };
  }
  const reason = task
    ? new IdempotencyKeyReusedError(task.id)
    : new CoordinatorBusyError('The task of this request was deleted just now');
  return { status: 'rejected', reason };
}
