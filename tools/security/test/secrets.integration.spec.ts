import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  eventually,
  startHttpServer,
  startTraceCollector,
  type TestHttpServer,
  type TraceCollector,
} from '@askflash/testing';
import { createBackboneWithLogins, type BackboneWithLogins } from './support/logins';
import { Marks } from './support/marks';
import { RunningApps } from './support/running-apps';
import { secretsOfOthers } from './support/secrets-of-others';
import { storedInPostgres, storedInRabbitmq, storedInRedis } from './support/stored';

const APPS = [
  'coordinator',
  'health-monitor',
  'agents/embedding',
  'agents/executor',
  'agents/websearch',
];

const marks = new Marks();
const API_KEY = `askflash_${marks.secret('api-key')}`;
const reports = mkdtempSync(join(tmpdir(), 'askflash-reports-'));

let backbone: BackboneWithLogins;
let apps: RunningApps;
let traces: TraceCollector;
/** Where the apps’ other services should be: it refuses everybody, and quotes the key it was sent. */
let refusing: TestHttpServer;
let refused = '';
/** Everything that the apps answered. */
let answers = '';

beforeAll(async () => {
  backbone = await createBackboneWithLogins((server) => marks.secret(server));
  traces = await startTraceCollector();
  refusing = await startHttpServer((request, response) => {
    const sent = JSON.stringify([request.url, request.headers]);
    refused += sent;
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `Not you: ${sent}` } }));
  });
  apps = new RunningApps({
    ...backbone.env,
    ...backbone.withPasswords((server) => marks.secret(server)),
    ...secretsOfOthers(marks, { traces: traces.url, refusing: refusing.url }),
    COORDINATOR_API_KEYS: `marked:admin:${createHash('sha256').update(API_KEY).digest('hex')}`,
    HEALTH_MONITOR_INTERVAL_MS: '500',
    LOG_LEVEL: 'trace',
    NODE_OPTIONS: `--report-on-signal --report-directory=${reports}`,
  });
  for (const app of APPS) await apps.start(app);
  await apps.ready();
  await useAll();
}, 300_000);

afterAll(async () => {
  await apps?.stop();
  await refusing?.close();
  await traces?.close();
  await backbone?.remove();
  rmSync(reports, { recursive: true, force: true });
}, 120_000);

/** Asks an app and keeps what it answers. */
async function ask(app: string, path: string, asked: Parameters<RunningApps['ask']>[2] = {}) {
  const answer = await apps.ask(app, path, { headers: keyed(), ...asked });
  answers += `${app} ${path} ${JSON.stringify(answer)}\n`;
  return answer;
}

async function run(template: string): Promise<void> {
  const body = { query: 'What is a secret?', template, userId: 'ada' };
  const accepted = await ask('coordinator', '/tasks', { method: 'POST', body });
  expect([template, accepted.status]).toEqual([template, 202]);
  const { id }: { id: string } = JSON.parse(accepted.body);
  await eventually(
    async () => /"finishedAt":"/.test((await ask('coordinator', `/tasks/${id}`)).body),
    {
      timeoutMs: 90_000,
      intervalMs: 200,
      what: `a task of ${template} to end`,
    },
  );
  await ask('coordinator', `/tasks/${id}/why`);
}

const keyed = (key = API_KEY) => ({ authorization: `Bearer ${key}` });

/** Lets everything be done in which a secret is used, with success and without. */
async function useAll(): Promise<void> {
  const stage = { timeoutMs: 20_000, retry: { limit: 0 } };
  const body = {
    description: 'Searches the web',
    stages: [
      { name: 'web_search', dependsOn: [], ...stage },
      { name: 'response_packaging', dependsOn: ['web_search'], ...stage },
    ],
  };
  const saved = await ask('coordinator', '/templates/web_only', {
    method: 'PUT',
    body,
  });
  expect([saved.body, saved.status]).toEqual([saved.body, 201]);
  await Promise.all(['quick_answer', 'web_only'].map(run));
  for (const path of [
    ...['/health/ready', '/metrics', '/docs-json', '/tasks', '/dead-letters', '/queues'],
    ...['/templates', '/analytics/agents', '/analytics/tasks', '/nowhere', '/tasks/nothing'],
  ]) {
    await ask('coordinator', path);
  }
  for (const path of ['/health/ready', '/metrics', '/', '/status', '/runbooks']) {
    await ask('health-monitor', path);
  }
  for (const app of APPS.slice(2)) {
    for (const path of ['/health/ready', '/metrics', '/nowhere']) await ask(app, path);
  }
  const unknown = { headers: keyed(marks.secret('unknown-key')) };
  for (const app of ['coordinator', 'health-monitor']) {
    expect((await ask(app, '/tasks', unknown)).status).toBeGreaterThanOrEqual(401);
  }
  await eventually(() => /webhook-url/.test(refused), { timeoutMs: 60_000, what: 'a webhook' });
}

describe('with a marked secret in every variable', () => {
  it('the secrets were used, and a mark is found where it is', () => {
    for (const name of ['model', 'search', 'webhook-url']) expect(refused).toContain(name);
    expect(marks.findIn(refused)).not.toEqual([]);
    for (const { pid } of apps.processes) {
      // What a process was started with stays readable to its own user and to root.
      expect(marks.findIn(readFileSync(`/proc/${pid}/environ`, 'utf8'))).not.toEqual([]);
    }
    for (const encoding of ['base64', 'hex'] as const) {
      const text = Buffer.from(`me:${marks.secret('any')}`).toString(encoding);
      expect(marks.findIn(`Basic ${text}`)).not.toEqual([]);
    }
  });

  it('none is in a log, be it as talkative as it can', () => {
    expect(apps.written).toContain('"level":"debug"');
    expect(marks.findIn(apps.written)).toEqual([]);
  });

  it('none is in an answer of an HTTP API or in a metric', () => {
    expect(answers).toContain('process_cpu_seconds_total');
    expect(marks.findIn(answers)).toEqual([]);
  });

  it('none is in the title or the command line of a process', () => {
    for (const { pid } of apps.processes) {
      const shown = ['cmdline', 'comm', 'status'].map((file) =>
        readFileSync(`/proc/${pid}/${file}`, 'utf8'),
      );
      expect(marks.findIn(shown.join('\n'))).toEqual([]);
    }
  });

  it('none is in a diagnostic report', async () => {
    for (const process of apps.processes) process.signal('SIGUSR2');
    const read = () =>
      readdirSync(reports).map((file) => readFileSync(join(reports, file), 'utf8'));
    const isWhole = (text: string) => /"environmentVariables"[^]*\}\s*$/.test(text);
    const texts = await eventually(
      () => {
        const found = read();
        return found.length === APPS.length && found.every(isWhole) ? found : undefined;
      },
      { timeoutMs: 60_000, what: 'a report of each app' },
    );
    expect(marks.findIn(texts.join('\n'))).toEqual([]);
  });

  it('none is in PostgreSQL', async () => {
    const stored = await storedInPostgres(backbone.env);
    expect(stored).toContain('What is a secret?');
    expect(marks.findIn(stored)).toEqual([]);
  });

  it('none is in Redis', async () => {
    const stored = await storedInRedis(backbone.env);
    expect(stored).toContain('What is a secret?');
    expect(marks.findIn(stored)).toEqual([]);
  });

  it('none is in RabbitMQ', async () => {
    const stored = await storedInRabbitmq(backbone.env);
    expect(stored).toContain('coordinator:publish');
    expect(marks.findIn(stored)).toEqual([]);
  });

  it('none is in a trace', async () => {
    await eventually(() => traces.spans.length > 0);
    expect(marks.findIn(JSON.stringify(traces.spans))).toEqual([]);
  });
});
