import { TASK_STATUSES, isTerminal } from '@askflash/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** A task, and the number of its last event. */
export interface TaskSeq {
  readonly id: string;
  readonly seq: number;
}

const running = z.array(z.object({ id: z.string(), seq: z.int() }));
/** `finishedAt` as text, since a Date would drop the microseconds that pages go on by. */
const ended = z.array(z.object({ id: z.string(), seq: z.int(), finishedAt: z.string() }));

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Tasks that have changed within some time, on the database's clock, a page at a time: those that
 * run, then those that have ended, the latest first. One that changes meanwhile may come twice, or not.
 */
export async function* selectChangedTasks(
  manager: EntityManager,
  { withinMs, limit }: { readonly withinMs: number; readonly limit: number },
): AsyncGenerator<readonly TaskSeq[]> {
  for (const status of TASK_STATUSES) {
    if (!isTerminal(status)) yield* selectRunning(manager, status, withinMs, limit);
  }
  yield* selectEnded(manager, withinMs, limit);
}

async function* selectRunning(
  manager: EntityManager,
  status: string,
  withinMs: number,
  limit: number,
): AsyncGenerator<readonly TaskSeq[]> {
  for (let after: string | undefined = FIRST_ID; after !== undefined;) {
    const page: z.output<typeof running> = running.parse(
      await manager.query(
        `SELECT id, event_seq AS seq FROM task_histories
          WHERE status = $1 AND id > $2
            AND updated_at >= statement_timestamp() - $3 * interval '1 millisecond'
          ORDER BY id LIMIT $4`,
        [status, after, withinMs, limit],
      ),
    );
    yield page;
    after = page.length < limit ? undefined : page.at(-1)?.id;
  }
}

async function* selectEnded(
  manager: EntityManager,
  withinMs: number,
  limit: number,
): AsyncGenerator<readonly TaskSeq[]> {
  let before: { readonly id: string; readonly finishedAt: string } | undefined = {
    id: LAST_ID,
    finishedAt: 'infinity',
  };
  while (before) {
    const page: z.output<typeof ended> = ended.parse(
      await manager.query(
        `SELECT id, event_seq AS seq, finished_at::text AS "finishedAt" FROM task_histories
          WHERE finished_at >= statement_timestamp() - $3 * interval '1 millisecond'
            AND (finished_at, id) < ($1::timestamptz, $2::uuid)
          ORDER BY finished_at DESC, id DESC LIMIT $4`,
        [before.finishedAt, before.id, withinMs, limit],
      ),
    );
    yield page;
    before = page.length < limit ? undefined : page.at(-1);
  }
}
