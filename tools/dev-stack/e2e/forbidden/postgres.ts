import { Client } from 'pg';
import type { Attempt } from './attempt';

async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

const attempts = (app: string, statements: readonly string[]): Attempt[] =>
  statements.map((sql) => ({ app, what: `runs ${sql}`, run: (url) => query(url, sql) }));

const OF_THE_OWNER = [
  'DROP TABLE task_outbox',
  'TRUNCATE task_histories CASCADE',
  'ALTER TABLE task_histories ADD COLUMN note text',
  'CREATE TABLE its_own (id int)',
  'CREATE TEMPORARY TABLE its_own (id int)',
  'CREATE ROLE another SUPERUSER',
  'DELETE FROM schema_migrations',
  'SELECT rolpassword FROM pg_authid',
  `COPY (SELECT 1) TO PROGRAM 'id'`,
  `SELECT pg_read_file('/etc/passwd')`,
];

/** What PostgreSQL has to refuse. */
export const POSTGRES_ATTEMPTS: readonly Attempt[] = [
  ...['coordinator', 'health-monitor', 'analytics', 'verify'].flatMap((app) =>
    attempts(app, OF_THE_OWNER),
  ),
  ...attempts('coordinator', [
    'DELETE FROM task_histories',
    'UPDATE task_stage_logs SET data = data',
    `UPDATE task_dag_templates SET definition = definition`,
    'INSERT INTO health_conditions SELECT * FROM health_conditions',
  ]),
  ...attempts('health-monitor', [
    'INSERT INTO task_dag_templates SELECT * FROM task_dag_templates',
    `UPDATE task_histories SET status = 'failed'`,
    'INSERT INTO task_outbox SELECT * FROM task_outbox',
  ]),
  ...attempts('analytics', [
    'SELECT query FROM task_histories',
    'DELETE FROM agent_performance',
    'DELETE FROM task_histories',
  ]),
  ...['intent', 'embedding', 'executor', 'moderator', 'websearch'].flatMap((agent) =>
    attempts(`${agent}-agent`, ['SELECT 1']),
  ),
];
