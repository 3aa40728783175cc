import type { TaskStatus } from '@askflash/contracts';
import { Any, LessThan, type EntityManager, type FindOptionsSelect } from 'typeorm';
import { TaskHistory } from '../entities/task-history';

/** Which tasks a list shows; all of them where nothing is said. */
export interface TaskFilter {
  readonly userId?: string | undefined;
  readonly status?: TaskStatus | undefined;
  readonly templateName?: string | undefined;
  /** Only tasks made before this one: ids grow with time, so the last id seen is the cursor. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** What a list tells of a task: all but its state, input and result, which can be large. */
const SUMMARY = {
  id: true,
  userId: true,
  query: true,
  templateName: true,
  templateVersion: true,
  status: true,
  priority: true,
  retryOf: true,
  error: { code: true, message: true, stage: true },
  createdAt: true,
  updatedAt: true,
  deadlineAt: true,
  finishedAt: true,
} satisfies FindOptionsSelect<TaskHistory>;

export type TaskSummary = Pick<TaskHistory, keyof typeof SUMMARY>;

/** Tasks, newest first. */
export function selectTasks(
  manager: EntityManager,
  { userId, status, templateName, before, limit }: TaskFilter,
): Promise<TaskSummary[]> {
  const where = {
    ...(userId === undefined ? {} : { userId }),
    ...(status === undefined ? {} : { status }),
    ...(templateName === undefined ? {} : { templateName }),
    ...(before === undefined ? {} : { id: LessThan(before) }),
  };
  return manager.find(TaskHistory, {
    select: SUMMARY,
    where,
    order: { id: 'DESC' },
    take: limit,
  });
}

/** The task that a user made under an idempotency key, if there is one. */
export function selectTaskByIdempotencyKey(
  manager: EntityManager,
  userId: string,
  idempotencyKey: string,
): Promise<TaskHistory | null> {
  return manager.findOneBy(TaskHistory, { userId, idempotencyKey });
}

/** Tasks as they stand; unknown ids are left out. */
export function selectTasksById(
  manager: EntityManager,
  ids: readonly string[],
): Promise<TaskHistory[]> {
  return manager.findBy(TaskHistory, { id: Any([...ids]) });
}

/**
 * Locks the tasks whose `wake_at` has passed, longest overdue first, until the transaction ends;
 * what another process holds is left to it.
 */
export function selectDueTasks(
  manager: EntityManager,
  { limit }: { readonly limit: number },
): Promise<TaskHistory[]> {
  return manager
    .createQueryBuilder(TaskHistory, 'task')
    .where('task.wakeAt <= statement_timestamp()')
    .orderBy('task.wakeAt')
    .limit(limit)
    .setLock('pessimistic_write')
    .setOnLocked('skip_locked')
    .getMany();
}

/**
 * Deletes tasks that ended before a point in time, oldest first, with all that hangs on them. A
 * task with an unsent message stays.
 *
 * @returns how many were deleted; fewer than `limit` means that none is left
 */
export async function deleteFinishedTasks(
  manager: EntityManager,
  { finishedBefore, limit }: { readonly finishedBefore: Date; readonly limit: number },
): Promise<number> {
  const deletion = await manager
    .createQueryBuilder()
    .delete()
    .from(TaskHistory)
    .where(
      `id IN (SELECT task.id FROM task_histories task
               WHERE task.finished_at < :finishedBefore
                 AND NOT EXISTS (SELECT 1 FROM task_outbox WHERE task_id = task.id)
               ORDER BY task.finished_at
               LIMIT :limit
                 FOR UPDATE SKIP LOCKED)`,
      { finishedBefore, limit },
    )
    .execute();
  return deletion.affected ?? 0;
}
