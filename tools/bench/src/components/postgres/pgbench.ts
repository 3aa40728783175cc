import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Benchmark, Workbench } from '../../benchmark';
import { percentile } from '../../statistics';
import { findProgram } from '../find-program';
import { BATCH_ROWS, CONNECTIONS, STATE, createBenchDatabase } from './database';

const run = promisify(execFile);

const COLUMNS =
  'id, user_id, query, input, template_name, template_version, status, state, event_seq';
/** With a space after each colon: pgbench takes `:null` for a variable of its own. */
const JSON_STATE = JSON.stringify(STATE, null, 1);
const ROW = `gen_random_uuid(), 'bench', 'How do I stop the stack?', '{}', 'bench', 1, 'in_progress', '${JSON_STATE}', 1`;
const SINGLE = `INSERT INTO task_histories (${COLUMNS}) VALUES (${ROW});`;
const BATCH = `INSERT INTO task_histories (${COLUMNS}) SELECT ${ROW} FROM generate_series(1, ${BATCH_ROWS});`;

/** The floor: the same rows into the same table, by PostgreSQL's own program. */
export const pgbench: Benchmark = {
  name: 'pgbench',
  title: `pgbench, ${CONNECTIONS} connections, prepared statements, the same rows and table`,
  durability: 'committed, fsync',
  figures: [
    { name: 'inserts/s', unit: '/s', better: 'higher' },
    { name: 'insert p99', unit: 'ms', better: 'lower' },
    { name: 'rows/s in batches', unit: '/s', better: 'higher' },
  ],
  setUp: async (bench) => {
    await bench.servers();
    const database = await createBenchDatabase();
    const seconds = bench.isQuick ? 1 : 5;
    return {
      measure: async () => {
        const single = await runScript(bench, database.url, SINGLE, seconds);
        const batches = await runScript(bench, database.url, BATCH, seconds);
        return {
          'inserts/s': single.perSecond,
          'insert p99': percentile(single.times, 99),
          'rows/s in batches': batches.perSecond * BATCH_ROWS,
        };
      },
      close: database.drop,
    };
  },
};

/** Runs a script as a transaction, again and again, and gives how long each took, in milliseconds. */
async function runScript(
  { folder }: Workbench,
  url: string,
  sql: string,
  seconds: number,
): Promise<{ readonly perSecond: number; readonly times: number[] }> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const cwd = mkdtempSync(join(folder, 'pgbench-'));
  writeFileSync(join(cwd, 'script.sql'), sql);
  const { stdout } = await run(
    findProgram('pgbench'),
    [
      ...['-h', hostname, '-p', port, '-U', decodeURIComponent(username)],
      ...['--no-vacuum', '-M', 'prepared', '-f', 'script.sql', '--log'],
      ...['-c', String(CONNECTIONS), '-j', '2', '-T', String(seconds), pathname.slice(1)],
    ],
    { cwd, env: { ...process.env, PGPASSWORD: decodeURIComponent(password) } },
  );
  const times = readdirSync(cwd)
    .filter((name) => name.startsWith('pgbench_log'))
    .flatMap((name) => readFileSync(join(cwd, name), 'utf8').trim().split('\n'))
    // Client, number, microseconds …
    .map((line) => Number(line.split(' ')[2]) / 1000);
  rmSync(cwd, { recursive: true });
  return { perSecond: Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]), times };
}
