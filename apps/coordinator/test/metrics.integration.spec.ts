import {
  AppProcess,
  createTestBackbone,
  eventually,
  freePort,
  type TestBackbone,
} from '@askflash/testing';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents, plausible } from './stand-in-agents';

const REFERENCE = resolve(__dirname, '../../../docs/reference/metrics.md');
const DOCUMENTED = /^(coordinator|agent|messaging|postgres_pool|http_requests)_/;

describe('the metrics of a coordinator', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await RunningCoordinator.start(backbone);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await backbone?.remove();
  });

  const metrics = () => textOf(coordinator.url);

  it('tell of tasks, stages and messages', async () => {
    agents.behaviour = (request) =>
      request.stage === 'executor_reasoning' && request.attempt === 1
        ? { error: { code: 'TIRED', retryable: true, retryAfterMs: 0 } }
        : plausible(request);
    const { id } = await coordinator.post({ query: 'How?', userId: 'ada' });
    await coordinator.finished(id);

    const text = await eventually(async () => {
      const now = await metrics();
      const waiting = ['coordinator_open_tasks', 'coordinator_outbox_oldest_age_seconds'];
      return waiting.every((name) => valueIn(now, name) === 0) ? now : undefined;
    });
    const valueOf = (name: string, labels: Record<string, string> = {}) =>
      valueIn(text, name, labels);
    const [template, stage] = ['quick_answer', 'executor_reasoning'];
    expect(valueOf('coordinator_tasks_created_total', { template })).toBe(1);
    const complete = { template, status: 'complete' };
    expect(valueOf('coordinator_task_duration_seconds_count', complete)).toBe(1);
    expect(valueOf('coordinator_stage_requests_total', { stage, retry: 'false' })).toBe(1);
    expect(valueOf('coordinator_stage_requests_total', { stage, retry: 'true' })).toBe(1);
    const ran = (outcome: string) =>
      valueOf('coordinator_stage_run_seconds_sum', { stage, outcome });
    expect([ran('failed'), ran('completed')]).toEqual([0.001, 0.001]);
    expect(valueOf('coordinator_stage_queue_wait_seconds_count', { stage })).toBe(2);
    expect(valueOf('messaging_published_total', { outcome: 'confirmed' })).toBe(4);
    const results = { queue: 'mcp.results' };
    expect(valueOf('messaging_consumed_total', { ...results, decision: 'acknowledged' })).toBe(3);
    expect(valueOf('messaging_in_flight', results)).toBe(0);
    expect(valueOf('messaging_connected', { connection: 'publish' })).toBe(1);
    expect(valueOf('messaging_connected', { connection: 'consume' })).toBe(1);
    expect(valueOf('messaging_blocked')).toBe(0);
    expect(valueOf('postgres_pool_connections', { state: 'total' })).toBeGreaterThan(0);
    const accepted = { method: 'POST', route: '/tasks', status: '202' };
    expect(valueOf('http_requests_duration_seconds_count', accepted)).toBe(1);
    expect(text).not.toContain(id);
  });

  it('keep how long each attempt waited', async () => {
    const database = new Client({ connectionString: backbone.env.DATABASE_URL });
    await database.connect();
    const { rows } = await database.query('SELECT queue_wait_ms FROM agent_performance');
    await database.end();
    expect(rows).toHaveLength(3);
    for (const { queue_wait_ms } of rows) {
      expect(queue_wait_ms).toBeGreaterThanOrEqual(0);
      expect(queue_wait_ms).toBeLessThan(60_000);
    }
  });

  it('count those who read events, for as long as they do', async () => {
    agents.behaviour = () => 'silence';
    const { id } = await coordinator.post({ query: 'How?', userId: 'ada' });
    const { messages } = await coordinator.openEvents(id);
    const readers = async () => valueIn(await metrics(), 'coordinator_sse_readers');
    expect(await readers()).toBe(1);
    await coordinator.request('POST', `/tasks/${id}/abort`);
    await messages;
    await eventually(async () => (await readers()) === 0);
    expect(await metrics()).not.toContain('route="/tasks/:id/events"');
  });

  it('are all in the reference, as those of agents are, and nothing else is', async () => {
    const port = String(await freePort());
    const agent = AppProcess.start('agents/embedding', { ...backbone.env, AGENT_PORT: port });
    const ofAgent = await eventually(async () => {
      const text = await textOf(`http://127.0.0.1:${port}`);
      return text.includes('agent_stages_total') ? text : undefined;
    });
    await agent.stop();
    const served = [...familiesOf(await metrics()), ...familiesOf(ofAgent)];
    expect(documentedFamilies()).toEqual([...new Set(served)].sort());
  });
});

async function textOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** The value of the series that has these labels. */
function valueIn(
  text: string,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const found = text
    .split('\n')
    .find((line) => line.startsWith(`${name}{`) && wanted.every((each) => line.includes(each)));
  return found === undefined ? undefined : Number(found.split(' ').at(-1));
}

/** Name, type and help of each family, as a row of the reference has them. */
function familiesOf(text: string): string[] {
  const helps = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)];
  return helps
    .filter(([, name = '']) => DOCUMENTED.test(name))
    .map(([, name, help, type]) => `${name} ${type}: ${help}`);
}

/** Rows of the form: name, type, labels, help. */
function documentedFamilies(): string[] {
  const rows = readFileSync(REFERENCE, 'utf8').matchAll(
    /^\| `(\w+)` +\| (\w+) +\| [^|]+\| (.*?) +\|$/gm,
  );
  return [...rows]
    .filter(([, name = '']) => DOCUMENTED.test(name))
    .map(([, name, type, help]) => `${name} ${type}: ${help}`)
    .sort();
}
