import { FlowProducer, QueueEvents } from 'bullmq';
import { serveClient } from '../program/client.mjs';
import { STAGES } from '../program/stages.mjs';

/*
 * A client of BullMQ: a task is a flow, in which each job waits for the one below it; its end is the
 * event of the uppermost.
 */

const { REDIS_URL: url = '' } = process.env;
const CONCURRENCY = 64;

const producer = new FlowProducer({ connection: { url } });
const events = new QueueEvents(/** @type {string} */ (STAGES.at(-1)), {
  connection: { url, maxRetriesPerRequest: null },
});
await Promise.all([producer.waitUntilReady(), events.waitUntilReady()]);

/** @type {Set<string>} */
let completed = new Set();
/** By task, resolved at its end. @type {Map<string, () => void>} */
const waiting = new Map();
events.on('completed', ({ jobId }) => {
  completed.add(jobId);
  waiting.get(jobId)?.();
  waiting.delete(jobId);
});

/** @param {string} task */
async function submit(task) {
  const opts = { removeOnComplete: true, attempts: 2 };
  const flow = STAGES.reduce(
    (/** @type {import('bullmq').FlowJob[]} */ children, queueName, index) => [
      {
        name: queueName,
        queueName,
        data: { task },
        children,
        opts: index === STAGES.length - 1 ? { ...opts, jobId: task } : opts,
      },
    ],
    [],
  );
  for (const root of flow) await producer.add(root);
}

serveClient({
  concurrency: CONCURRENCY,
  submit,
  perform: async (task) => {
    const end = new Promise((resolve) => waiting.set(task, () => resolve(undefined)));
    await submit(task);
    await end;
  },
  completed: async () => completed.size,
  begin: () => {
    completed = new Set();
  },
});
