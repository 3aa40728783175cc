import { makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { serveClient } from '../program/client.mjs';
import { STAGES } from '../program/stages.mjs';

/* A client of graphile-worker: adds the first job, and is notified by the last one. */

const { DATABASE_URL = '', CHANNEL = '' } = process.env;
const CONCURRENCY = 20;

const utils = await makeWorkerUtils({
  connectionString: DATABASE_URL,
  maxPoolSize: CONCURRENCY,
});
const listener = new pg.Client({ connectionString: DATABASE_URL });
await listener.connect();

/** @type {Set<string>} */
let completed = new Set();
/** By task, resolved at its end. @type {Map<string, () => void>} */
const waiting = new Map();
listener.on('notification', ({ payload = '' }) => {
  completed.add(payload);
  waiting.get(payload)?.();
  waiting.delete(payload);
});
await listener.query(`LISTEN ${CHANNEL}`);

/** @param {string} task */
async function submit(task) {
  await utils.addJob(STAGES[0], { task });
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
