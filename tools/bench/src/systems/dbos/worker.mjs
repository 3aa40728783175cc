import { DBOS } from '@dbos-inc/dbos-sdk';
import { createServer } from 'node:http';
import { STAGES } from '../program/stages.mjs';
import { Ledger, serveWorker } from '../program/worker.mjs';

/*
 * An application process of DBOS: runs workflows of five steps, those from the queue and those that
 * are asked for over HTTP, which it answers when they have ended.
 */

const { DATABASE_URL = '', QUEUE = '', WORKFLOW = '', CONCURRENCY = '', NAME = '' } = process.env;

const ledger = new Ledger();
DBOS.setConfig({
  name: 'bench',
  systemDatabaseUrl: DATABASE_URL,
  systemDatabasePoolSize: 20,
  executorID: NAME,
  applicationVersion: '1',
  logLevel: 'warn',
});
const workflow = DBOS.registerWorkflow(
  async (/** @type {string} */ task) => {
    for (const stage of STAGES) {
      await DBOS.runStep(async () => ledger.mark(task, stage), { name: stage });
    }
  },
  { name: WORKFLOW },
);
await DBOS.launch();
await DBOS.registerQueue(QUEUE, {
  workerConcurrency: Number(CONCURRENCY),
  minPollingIntervalMs: 50,
});

const server = createServer((request, response) => {
  const task = request.url?.slice(1) ?? '';
  workflow(task).then(
    () => response.end(),
    (error) => response.writeHead(500).end(String(error)),
  );
});
server.listen(Number(process.env['PORT']), '127.0.0.1', () => serveWorker(ledger));
