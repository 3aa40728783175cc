import { clearLedgers } from '../check/ledger-lines';
import { withPostgres, withRabbitmq, withRedis } from '../rig/clients';
import type { Rig } from '../rig/rig';

/** Throws away all that a round has left, once it is checked, so that the next is checked alone. */
export async function forget({ env, folders }: Pick<Rig, 'env' | 'folders'>): Promise<void> {
  await withPostgres(env.DATABASE_URL, (postgres) =>
    postgres.query(
      'TRUNCATE task_histories, task_stage_logs, agent_performance, task_outbox CASCADE',
    ),
  );
  await withRabbitmq(env.RABBITMQ_URL, async (connection) => {
    const channel = await connection.createChannel();
    await channel.purgeQueue('mcp.responses');
    await channel.close();
  });
  await withRedis(env.REDIS_URL, (redis) => redis.flushall());
  clearLedgers(folders.ledgers);
}
