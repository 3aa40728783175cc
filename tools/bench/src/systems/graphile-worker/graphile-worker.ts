import { createTestDatabase } from '@askflash/testing';
import type { System } from '../system';

const WORKERS = 2;
const CHANNEL = 'bench_ended';

/** A chain of jobs of graphile-worker: each adds the next. */
export const graphileWorker: System = {
  name: 'graphile-worker',
  title: `graphile-worker, a chain of five jobs: ${WORKERS} worker processes at concurrency 20`,
  durability:
    'PostgreSQL commit (fsync) at every job; no state of the task as a whole, and no result of it',
  servers: ['postgres'],
  start: async (stage) => {
    const database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, CHANNEL };
    const client = stage.start({
      role: 'client',
      args: ['tools/bench/src/systems/graphile-worker/client.mjs'],
      env,
    });
    const workers = Array.from({ length: WORKERS }, () =>
      stage.start({
        role: 'worker',
        args: ['tools/bench/src/systems/graphile-worker/worker.mjs'],
        env: { ...env, CONCURRENCY: '20' },
      }),
    );
    await Promise.all([client, ...workers].map(({ ready }) => ready));
    return { client, workers, close: () => database.drop() };
  },
};
