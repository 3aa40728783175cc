import { DBOSClient } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import { Agent, request } from 'undici';
import { serveClient } from '../program/client.mjs';

/*
 * A client of DBOS: puts a backlog into the queue, and hands single tasks to the application over
 * HTTP, which starts the workflow there and then.
 */

const { DATABASE_URL = '', APPLICATIONS = '', QUEUE = '', WORKFLOW = '' } = process.env;
const applications = APPLICATIONS.split(',');
const CONCURRENCY = 20;

const dbos = await DBOSClient.create({
  systemDatabaseUrl: DATABASE_URL,
  systemDatabasePoolSize: CONCURRENCY,
  applicationName: 'bench',
});
const database = new pg.Client({ connectionString: DATABASE_URL });
await database.connect();
const dispatcher = new Agent({ connections: 100 });
let before = 0;
let turn = 0;

async function countEnded() {
  const { rows } = await database.query(
    `SELECT count(*)::int FROM dbos.workflow_status WHERE name = $1 AND status = 'SUCCESS'`,
    [WORKFLOW],
  );
  return Number(rows[0].count);
}

serveClient({
  concurrency: CONCURRENCY,
  submit: async (task) => {
    await dbos.enqueue({ queueName: QUEUE, workflowName: WORKFLOW, workflowID: task }, task);
  },
  perform: async (task) => {
    const application = applications[(turn += 1) % applications.length];
    const { statusCode, body } = await request(`${application}/${task}`, { dispatcher });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(text);
  },
  completed: async () => (await countEnded()) - before,
  begin: async () => {
    before = await countEnded();
  },
});
