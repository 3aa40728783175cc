import { Worker } from 'bullmq';
import { STAGES } from '../program/stages.mjs';
import { Ledger, serveWorker } from '../program/worker.mjs';

/* A worker process of BullMQ: takes the jobs of all five stages, each from a queue of its own. */

const { REDIS_URL: url = '', CONCURRENCY = '' } = process.env;

const ledger = new Ledger();
const workers = STAGES.map(
  (stage) =>
    new Worker(stage, async ({ data }) => ledger.mark(data.task, stage), {
      connection: { url, maxRetriesPerRequest: null },
      concurrency: Number(CONCURRENCY),
    }),
);
await Promise.all(workers.map((worker) => worker.waitUntilReady()));
serveWorker(ledger);
