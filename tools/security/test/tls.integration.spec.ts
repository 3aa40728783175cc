import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  createTestCa,
  eventually,
  installBackbone,
  startPrivateServers,
  type PrivateServers,
} from '@askflash/testing';
import { Client } from 'pg';
import { RunningApps } from './support/running-apps';
import { startStandIns, type StandIns } from './support/stand-ins';

const ASK = resolve(__dirname, '../../../dist/tools/ask/main.js');

const ca = createTestCa();
const certificate = ca.issue('server', { hosts: ['DNS:localhost'] });
const expired = ca.issue('expired', { hosts: ['DNS:localhost'], days: -1 });
const TRUST = { NODE_EXTRA_CA_CERTS: ca.caFile };

let servers: PrivateServers;
/** The servers by the name that their certificate is for. */
let named: PrivateServers['env'];
let apps: RunningApps;
let standIns: StandIns;

beforeAll(async () => {
  servers = await startPrivateServers({ tls: ca.folder });
  const at = (url: string) => url.replace('127.0.0.1', 'localhost');
  named = {
    DATABASE_URL: at(servers.env.DATABASE_URL),
    REDIS_URL: at(servers.env.REDIS_URL),
    RABBITMQ_URL: at(servers.env.RABBITMQ_URL),
    RABBITMQ_MANAGEMENT_URL: at(servers.env.RABBITMQ_MANAGEMENT_URL),
  };
  const env = {
    ...named,
    ...TRUST,
    HTTP_TLS_CERT_FILE: certificate.certFile,
    HTTP_TLS_KEY_FILE: certificate.keyFile,
  };
  await installBackbone(env);
  apps = new RunningApps(env, { caFile: ca.caFile });
  for (const app of ['coordinator', 'health-monitor', 'agents/embedding']) await apps.start(app);
  await apps.ready();
  standIns = await startStandIns(expired);
}, 300_000);

afterAll(async () => {
  standIns?.close();
  await apps?.stop();
  await servers?.stop();
  ca.remove();
}, 120_000);

describe('with TLS everywhere', () => {
  it('a task runs through coordinator and agent', async () => {
    const task = await apps.runTask({
      query: 'How do I stop the stack?',
      template: 'simple_lookup',
      userId: 'ada',
    });
    expect(task).toMatchObject({ status: 'complete' });
  });

  it('every connection to PostgreSQL is encrypted', async () => {
    const client = new Client({
      connectionString: named.DATABASE_URL.replace(/\?.*/, ''),
      ssl: { ca: readFileSync(ca.caFile) },
    });
    await client.connect();
    const { rows } = await client.query(
      `SELECT application_name AS app, bool_and(ssl) AS ssl
         FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
        WHERE application_name IN ('coordinator', 'health-monitor') GROUP BY app ORDER BY app`,
    );
    await client.end();
    expect(rows).toEqual([
      { app: 'coordinator', ssl: true },
      { app: 'health-monitor', ssl: true },
    ]);
  });

  it('every connection to RabbitMQ is encrypted', async () => {
    const listed = await servers.rabbitmq.ctl(['list_connections', 'ssl', '--quiet']);
    const values = listed.split('\n').filter((line) => /^(true|false)$/.test(line.trim()));
    expect(values.length).toBeGreaterThan(4);
    expect(new Set(values)).toEqual(new Set(['true']));
  });

  it('what others tell of themselves comes over TLS too', async () => {
    for (const app of ['coordinator', 'health-monitor', 'agents/embedding']) {
      const { status, body } = await apps.ask(app, '/metrics');
      expect([status, body.includes('process_cpu_seconds_total')]).toEqual([200, true]);
    }
  });

  it('a client asks over TLS', async () => {
    expect(await askBy({ COORDINATOR_URL: apps.urlOf('coordinator'), ...TRUST })).toMatchObject({
      code: 0,
    });
  });
});

describe.each([
  {
    fault: 'the authority is not known',
    problem: /its certificate is of an authority that is not trusted here; NODE_EXTRA_CA_CERTS/,
    env: () => named,
    url: () => apps.urlOf('coordinator'),
  },
  {
    fault: 'it has expired',
    problem: /its certificate has expired/,
    env: () => ({ ...standIns.env, ...TRUST }),
    url: () => standIns.url,
  },
  {
    fault: 'it is of another host',
    problem: /its certificate is of another host; use a name that it has: .*127\.0\.0\.1/,
    env: () => ({ ...servers.env, ...TRUST }),
    url: () => apps.urlOf('coordinator').replace('localhost', '127.0.0.1'),
  },
])('a certificate is refused where $fault', ({ problem, env, url }) => {
  let monitor: RunningApps;
  let said = '';
  let reasons: Record<string, string> = {};

  beforeAll(async () => {
    monitor = new RunningApps(env());
    const process = await monitor.start('health-monitor');
    await eventually(
      async () => {
        said = process.output;
        reasons = reasonsOf((await monitor.ask('health-monitor', '/health/ready')).body);
        return (
          /Database/.test(said) && /Messaging/.test(said) && problem.test(reasons['topology'] ?? '')
        );
      },
      { timeoutMs: 60_000, what: 'the health-monitor to find its servers' },
    ).catch(() => undefined);
  });
  afterAll(() => monitor.stop());

  const linesOf = (context: string) =>
    said
      .split('\n')
      .filter((line) => line.includes(`"context":"${context}"`))
      .join('\n');

  it('by PostgreSQL’s clients', () => {
    expect(linesOf('Database')).toMatch(problem);
    expect(reasons['postgres']).toMatch(problem);
  });

  it('by Redis’ clients', () => {
    expect(linesOf('RedisTasks')).toMatch(problem);
    expect(reasons['redis']).toMatch(problem);
  });

  it('by RabbitMQ’s clients', () => {
    expect(linesOf('Messaging')).toMatch(problem);
  });

  it('by those of its management API', () => {
    expect(reasons['topology']).toMatch(problem);
  });

  it('by those of HTTP APIs', async () => {
    const trust = problem.source.includes('authority') ? {} : TRUST;
    const { code, stderr } = await askBy({ COORDINATOR_URL: url(), ...trust });
    expect(stderr).toMatch(problem);
    expect(code).toBe(69);
  });
});

/** Runs `ask` as built. */
function askBy(env: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const options = { env: { PATH: process.env['PATH'], ASKFLASH_STACK_FILE: '', ...env } };
  const question = ['--template', 'simple_lookup', 'How do I stop the stack?'];
  return new Promise((done) => {
    execFile(process.execPath, [ASK, ...question], options, (error, _stdout, stderr) =>
      done({ code: error === null ? 0 : error.code, stderr }),
    );
  });
}

/** Why each check of a readiness report is down. */
function reasonsOf(report: string): Record<string, string> {
  const { checks }: { checks: Record<string, { reason?: string }> } = JSON.parse(report);
  return Object.fromEntries(
    Object.entries(checks).map(([name, { reason = '' }]) => [name, reason]),
  );
}
