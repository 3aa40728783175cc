import {
  createTestBackbone,
  eventually,
  freePort,
  testServers,
  type TestBackbone,
} from '@askflash/testing';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ObservedBackbone } from './prometheus/observed-backbone';
import { Prometheus, type Alert } from './prometheus/prometheus';
import {
  OBSERVABILITY,
  asGrafanaAsks,
  dashboard,
  operandsOf,
  shippedConfig,
  shippedRules,
} from './prometheus/shipped';

const run = promisify(execFile);

const MONITOR_URL = 'http://monitor.example';
/** For figures that come with a look, a poll or a scrape; retention runs a minute after the start. */
const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };

describe('what promtool says', () => {
  const promtool = (...args: string[]) => run('promtool', args, { cwd: OBSERVABILITY });

  it.each([
    ['the configuration', 'check', 'config', 'prometheus.yml'],
    ['the rules', 'check', 'rules', 'rules/askflash.rules.yml'],
    ['the tests of the rules', 'test', 'rules', 'rules/askflash.rules.test.yml'],
  ])('of %s', async (_, ...args) => {
    const { stdout } = await promtool(...args);
    expect(stdout).toContain('SUCCESS');
    expect(stdout).not.toContain('FAILED');
  });
});

describe('Prometheus beside a backbone that runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  let backbone: TestBackbone;
  let observed: ObservedBackbone;
  let prometheus: Prometheus;
  let fired: Alert;

  const findAlert = async (name: string, subject: string) => {
    const alerts = await prometheus.alerts();
    return alerts.find(
      ({ labels, annotations, state }) =>
        labels['alertname'] === name &&
        state === 'firing' &&
        annotations['description']?.includes(subject),
    );
  };

  beforeAll(async () => {
    backbone = await createTestBackbone();
    observed = new ObservedBackbone(backbone.env);
    await observed.start();
    const targets = { ...observed.targets, rabbitmq: [await rabbitmqMetrics()] };
    prometheus = await Prometheus.start({
      folder,
      port: await freePort(),
      env: { HEALTH_MONITOR_PUBLIC_URL: MONITOR_URL },
      config: configFor(targets),
    });
    await observed.work();
    await observed.loseExecutor();
    fired = await eventually(() => findAlert('QueueWithoutConsumer', 'executor.task'), PATIENCE);
    await observed.startExecutor();
  }, 240_000);

  afterAll(async () => {
    await prometheus?.stop();
    await observed?.stop();
    await backbone?.remove();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('collects from every part', async () => {
    await eventually(async () => {
      const targets = await prometheus.targets();
      expect(targets.map(({ labels, health }) => `${labels.job} ${health}`).sort()).toEqual([
        'agents up',
        'agents up',
        'coordinator up',
        'health-monitor up',
        'rabbitmq up',
      ]);
      return true;
    }, PATIENCE);
  });

  it('fires the alert of a condition, with what it is about and its runbook', async () => {
    expect(fired).toMatchObject({
      labels: { condition: 'queue_without_consumer', severity: 'critical', system: 'askflash' },
      annotations: {
        summary: 'Nobody consumes a work queue',
        description: expect.stringMatching(/It is about (.+, )?executor\.task[,.]/),
        runbook_url: `${MONITOR_URL}/runbooks/queue-without-consumer`,
      },
    });
  });

  it('ends it once a consumer is back', async () => {
    await eventually(
      async () => !(await findAlert('QueueWithoutConsumer', 'executor.task')),
      PATIENCE,
    );
  });

  it('has data for every query of the dashboard', async () => {
    const queries = dashboard.panels.flatMap(({ title, targets }) =>
      targets.map(({ refId, expr }) => [`${title} ${refId}`, asGrafanaAsks(expr)] as const),
    );
    expect(await withoutData(queries)).toEqual([]);
  });

  it('finds every rule healthy, and data for what it looks at', async () => {
    const rules = await prometheus.rules();
    expect(rules.length).toBe(shippedRules.length);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    const operands = rules.flatMap(({ name, query }) =>
      operandsOf(query).map((operand) => [name, operand] as const),
    );
    expect(await withoutData(operands)).toEqual([]);
  });

  /** Those that give no figure, however long the backbone is at work. */
  async function withoutData(queries: readonly (readonly [string, string])[]) {
    let missing = queries;
    await eventually(async () => {
      await observed.work();
      const found = await Promise.all(missing.map(([, query]) => prometheus.hasData(query)));
      missing = missing.filter((_, index) => !found[index]);
      return missing.length === 0;
    }, PATIENCE).catch(() => undefined);
    return missing;
  }
});

/** The shipped configuration, with addresses for names, and once a second. */
function configFor(targets: Readonly<Record<string, readonly string[]>>): object {
  return {
    ...shippedConfig,
    global: { ...shippedConfig.global, scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: shippedConfig.rule_files.map((path) => join(OBSERVABILITY, path)),
    scrape_configs: shippedConfig.scrape_configs.map(({ job_name }) => ({
      job_name,
      static_configs: [{ targets: targets[job_name] }],
    })),
  };
}

const overview = z.object({
  listeners: z.array(z.object({ protocol: z.string(), port: z.number() })),
});

/** Where RabbitMQ has its metrics; its management API knows. */
async function rabbitmqMetrics(): Promise<string> {
  const { origin, username, password } = new URL(testServers().RABBITMQ_MANAGEMENT_URL);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await fetch(`${origin}/api/overview`, { headers: { authorization } });
  const { listeners } = overview.parse(await response.json());
  const port = listeners.find(({ protocol }) => protocol === 'http/prometheus')?.port;
  return `127.0.0.1:${port}`;
}
