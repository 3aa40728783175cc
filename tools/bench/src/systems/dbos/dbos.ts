import { createTestDatabase, freePort } from '@askflash/testing';
import type { Program } from '../program';
import type { System } from '../system';

const WORKERS = 2;
const NAMES = { QUEUE: 'tasks', WORKFLOW: 'five_stages' };

/** Workflows of DBOS: five steps, in the processes of the application. */
export const dbos: System = {
  name: 'dbos',
  title: `DBOS: ${WORKERS} application processes; the backlog from its queue, 100 workflows a process, polled every 50 ms`,
  durability: 'PostgreSQL commit (fsync) at the start, each step and the end of a workflow',
  servers: ['postgres'],
  start: async (stage) => {
    const database = await createTestDatabase();
    const env = { ...NAMES, DATABASE_URL: database.url };
    const ports = await Promise.all(Array.from({ length: WORKERS }, freePort));
    const workers: Program[] = [];
    for (const port of ports) {
      const worker = stage.start({
        role: 'worker',
        args: ['tools/bench/src/systems/dbos/worker.mjs'],
        env: { ...env, PORT: String(port), CONCURRENCY: '100', NAME: `worker-${port}` },
      });
      workers.push(worker);
      // The first one migrates the database, in which the others and the client must not meet it.
      await worker.ready;
    }
    const client = stage.start({
      role: 'client',
      args: ['tools/bench/src/systems/dbos/client.mjs'],
      env: { ...env, APPLICATIONS: ports.map((port) => `http://127.0.0.1:${port}`).join() },
    });
    await client.ready;
    return { client, workers, close: () => database.drop() };
  },
};
