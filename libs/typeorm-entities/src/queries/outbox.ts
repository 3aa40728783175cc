import { In, type EntityManager } from 'typeorm';
import { TaskOutbox } from '../entities/task-outbox';

/** A message to be written into the outbox. */
export type OutboxMessage = Pick<TaskOutbox, 'id' | 'taskId' | 'type' | 'payload' | 'traceparent'>;

/**
 * Locks the messages whose time has come, oldest first, until the transaction ends; what another
 * process holds is left to it. Postpone them in the same transaction, send them after it, and
 * delete those that the broker confirms.
 */
export function selectUnsentMessages(
  manager: EntityManager,
  { limit }: { readonly limit: number },
): Promise<TaskOutbox[]> {
  return manager
    .createQueryBuilder(TaskOutbox, 'message')
    .where('message.nextAttemptAt <= statement_timestamp()')
    .orderBy('message.nextAttemptAt')
    .limit(limit)
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .getMany();
}

/** Counts an attempt and keeps the poller off the messages for a while. */
export async function postponeMessages(
  manager: EntityManager,
  ids: readonly string[],
  delayMs: number,
): Promise<void> {
  if (ids.length === 0) return;
  await manager.update(
    TaskOutbox,
    { id: In([...ids]) },
    { nextAttemptAt: () => inMs(delayMs), attempts: () => 'attempts + 1' },
  );
}

/** Deletes messages that the broker has confirmed. */
export async function deleteMessages(
  manager: EntityManager,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await manager.delete(TaskOutbox, { id: In([...ids]) });
}

/** SQL for a point in time on the database's clock, some milliseconds from now. */
function inMs(delayMs: number): string {
  return `statement_timestamp() + ${Math.trunc(delayMs)} * interval '1 millisecond'`;
}
