import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** What waits to be done, over all coordinators. */
export interface Backlog {
  /** Tasks that have not ended; never more than was asked for. */
  readonly openTaskCount: number;
  /** Age in milliseconds of an old unsent message, as `selectBacklog` says; 0 where there is none. */
  readonly unsentForMs: number;
  /** Age in milliseconds of the oldest unsent message; 0 where there is none. */
  readonly oldestUnsentMs: number;
}

const age = z.number().nullable();
const answer = z.tuple([
  z.object({ open_tasks: z.int(), unsent_for_ms: age, oldest_unsent_ms: age }),
]);

const AGE_MS = '(extract(epoch FROM clock_timestamp() - created_at) * 1000)::double precision';

/**
 * Measures what waits to be done, at a cost that does not grow with it.
 *
 * @param maxTaskCount where to stop counting tasks
 * @param ignoredMessageCount unsent messages that are passed over, oldest first, so that a few that
 *   can never be sent do not look like a queue that is stuck
 */
export async function selectBacklog(
  manager: EntityManager,
  {
    maxTaskCount,
    ignoredMessageCount,
  }: { readonly maxTaskCount: number; readonly ignoredMessageCount: number },
): Promise<Backlog> {
  const rows: unknown = await manager.query(
    `SELECT (SELECT count(*)::int
               FROM (SELECT 1 FROM task_histories WHERE wake_at IS NOT NULL LIMIT $1) AS open)
              AS open_tasks,
            (SELECT ${AGE_MS} FROM task_outbox ORDER BY id OFFSET $2 LIMIT 1) AS unsent_for_ms,
            (SELECT ${AGE_MS} FROM task_outbox ORDER BY id LIMIT 1) AS oldest_unsent_ms`,
    [maxTaskCount, ignoredMessageCount],
  );
  const [row] = answer.parse(rows);
  return {
    openTaskCount: row.open_tasks,
    unsentForMs: Math.max(0, row.unsent_for_ms ?? 0),
    oldestUnsentMs: Math.max(0, row.oldest_unsent_ms ?? 0),
  };
}
