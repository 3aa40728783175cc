import type { TaskSummary } from '@askflash/typeorm-entities';
import type { TaskPage } from './dto';

/** A row of a list as clients see it. */
export function toSummary(row: TaskSummary): TaskPage['tasks'][number] {
  const { id, userId, query, status, priority, retryOf, error } = row;
  return {
    id,
    userId,
    query,
    template: { name: row.templateName, version: row.templateVersion },
    status,
    priority,
    retryOf,
    error,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    deadlineAt: row.deadlineAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
  };
}
