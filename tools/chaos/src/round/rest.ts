import { AGENTS } from '@askflash/contracts';
import { eventually } from '@askflash/testing';
import { z } from 'zod';
import { withPostgres, withRabbitmq } from '../rig/clients';
import type { Rig } from '../rig/rig';

const BUSY = z.object({ running: z.number(), unsent: z.number() });

const QUEUES = [...AGENTS.map(({ queue }) => queue), 'mcp.results'];

/** How a round came to rest, or what was still going on when its time was over. */
export interface Rest {
  readonly afterMs: number;
  readonly busy: string | null;
}

/**
 * Waits until every task has ended, nothing is unsent, and every queue is empty and consumed. Past the
 * deadline it tells what is not, and throws nothing: the checks say what that breaks.
 */
export async function comeToRest(rig: Pick<Rig, 'env'>, timeoutMs: number): Promise<Rest> {
  const start = performance.now();
  let busy: string | null = null;
  await eventually(
    async () => {
      busy = await whatGoesOn(rig);
      return busy === null;
    },
    { timeoutMs, intervalMs: 200 },
  ).catch((error: unknown) => (busy ??= String(error)));
  return { afterMs: performance.now() - start, busy };
}

async function whatGoesOn({ env }: Pick<Rig, 'env'>): Promise<string | null> {
  const { running, unsent } = await withPostgres(env.DATABASE_URL, async (postgres) => {
    const { rows } = await postgres.query(
      `SELECT (SELECT count(*)::int FROM task_histories WHERE finished_at IS NULL) AS running,
              (SELECT count(*)::int FROM task_outbox) AS unsent`,
    );
    return BUSY.parse(rows[0]);
  });
  if (running > 0) return `${running} tasks run`;
  if (unsent > 0) return `${unsent} messages are unsent`;
  return withRabbitmq(env.RABBITMQ_URL, async (connection) => {
    const channel = await connection.createChannel();
    for (const queue of QUEUES) {
      const { messageCount, consumerCount } = await channel.checkQueue(queue);
      if (messageCount > 0) return `${queue} holds ${messageCount} messages`;
      if (consumerCount === 0) return `nobody consumes ${queue}`;
    }
    return null;
  });
}
