import { startPrivateServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import type { System } from '../system';

const WORKERS = 2;

/** Flows of BullMQ: five jobs, each the child of the next. */
export const bullmq: System = {
  name: 'bullmq',
  title: `BullMQ flows: ${WORKERS} worker processes, each with all five queues at concurrency 50`,
  durability: 'Redis, AOF everysec: a crash of the machine may lose the last second; no replica',
  servers: [],
  start: async (stage) => {
    // A Redis of its own: BullMQ asks for `noeviction`, which is the whole server's.
    const servers = await startPrivateServers({ only: ['redis'] });
    const url = servers.env.REDIS_URL;
    await forbidEviction(url);
    const workers = Array.from({ length: WORKERS }, () =>
      stage.start({
        role: 'worker',
        args: ['tools/bench/src/systems/bullmq/worker.mjs'],
        env: { REDIS_URL: url, CONCURRENCY: '50' },
      }),
    );
    const client = stage.start({
      role: 'client',
      args: ['tools/bench/src/systems/bullmq/client.mjs'],
      env: { REDIS_URL: url },
    });
    await Promise.all([client, ...workers].map(({ ready }) => ready));
    return {
      client,
      workers,
      servers: { redis: [await servers.redis.pid()] },
      close: () => servers.stop(),
    };
  },
};

async function forbidEviction(url: string): Promise<void> {
  const redis = new Redis(url);
  try {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
  } finally {
    redis.disconnect();
  }
}
