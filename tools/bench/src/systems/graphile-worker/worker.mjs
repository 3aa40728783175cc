import { run } from 'graphile-worker';
import { STAGES } from '../program/stages.mjs';
import { Ledger, serveWorker } from '../program/worker.mjs';

/*
 * A worker process of graphile-worker: each stage is a job, which adds that of the next stage before it
 * ends; the last one notifies.
 */

const { DATABASE_URL = '', CONCURRENCY = '', CHANNEL = '' } = process.env;

const ledger = new Ledger();
/** @type {import('graphile-worker').TaskList} */
const taskList = Object.fromEntries(
  STAGES.map((stage, index) => {
    const next = STAGES[index + 1];
    /** @type {import('graphile-worker').Task} */
    const job = async (payload, helpers) => {
      const { task } = /** @type {{ task: string }} */ (payload);
      ledger.mark(task, stage);
      if (next) await helpers.addJob(next, { task });
      else await helpers.query('SELECT pg_notify($1, $2)', [CHANNEL, task]);
    };
    return [stage, job];
  }),
);
await run({
  connectionString: DATABASE_URL,
  concurrency: Number(CONCURRENCY),
  maxPoolSize: Number(CONCURRENCY) + 2,
  taskList,
  noHandleSignals: true,
});
serveWorker(ledger);
