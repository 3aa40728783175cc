import { newId } from '@askflash/config';
import { AGENT_HEARTBEAT, type AgentHeartbeat } from '@askflash/contracts';
import {
  DEAD_LETTER_QUEUE,
  HEARTBEATS_QUEUE,
  connectMessaging,
  openConnection,
  type Messaging,
} from '@askflash/messaging';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { AgentHealth, createDataSource } from '@askflash/typeorm-entities';
import type { ChannelModel } from 'amqplib';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { startMonitor, type TestMonitor } from './monitor';

const METRICS = readFileSync(resolve(__dirname, '../../../docs/reference/metrics.md'), 'utf8');

const SILENT = { log: () => undefined, warn: () => undefined };

const heartbeat = (instanceId: string, processed: number): AgentHeartbeat => ({
  agent: 'executor',
  instanceId,
  version: '1.0.0',
  status: 'healthy',
  queue: 'executor.task',
  stages: ['executor_reasoning'],
  startedAt: '2026-01-01T00:00:00.000Z',
  intervalMs: 5000,
  inFlight: 2,
  processed,
  failed: 1,
  cpuPercent: 12.5,
  memoryBytes: 50_000_000,
});

describe('health-monitor', () => {
  let backbone: TestBackbone;
  let monitor: TestMonitor;
  let dataSource: DataSource;
  let messaging: Messaging;
  let broker: ChannelModel;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    const { DATABASE_URL, RABBITMQ_URL } = backbone.env;
    dataSource = createDataSource({ url: DATABASE_URL, applicationName: 'test' });
    await dataSource.initialize();
    messaging = await connectMessaging({ url: RABBITMQ_URL, appName: 'test', logger: SILENT });
    broker = await openConnection(RABBITMQ_URL, { name: 'test', timeoutMs: 5_000 });
    monitor = await startMonitor({ ...backbone.env });
    await eventually(async () => (await monitor.ready()).status === 200);
  });

  afterAll(async () => {
    await monitor?.close();
    await broker?.close();
    await messaging?.close({ graceMs: 0 });
    await dataSource?.destroy();
    await backbone?.remove();
  });

  const queue = async (name: string) => {
    const channel = await broker.createChannel();
    const found = await channel.checkQueue(name);
    await channel.close();
    return found;
  };

  it('is ready with every check up, and how long each took', async () => {
    const { report } = await monitor.ready();
    expect(report).toEqual({
      status: 'ok',
      checks: Object.fromEntries(
        ['postgres', 'schema', 'redis', 'rabbitmq', 'topology'].map((name) => [
          name,
          expect.objectContaining({ status: 'up', latencyMs: expect.any(Number) }),
        ]),
      ),
    });
  });

  it('names the work queues that nobody consumes', async () => {
    await eventually(async () => {
      const { detail } = (await monitor.ready()).report.checks['topology'] ?? {};
      expect(detail).toEqual({
        workQueuesWithoutConsumer: [
          'intent.task',
          'embedding.task',
          'executor.task',
          'moderator.task',
          'websearch.task',
          'mcp.results',
        ],
      });
      return true;
    });
  });

  it('is not ready on another schema, and says what to run', async () => {
    const [row]: { name: string }[] = await dataSource
      .query(`UPDATE schema_migrations SET name = 'Unknown' || name RETURNING name`)
      .then(([rows]) => rows);
    try {
      const { status, report } = await monitor.ready();
      expect(status).toBe(503);
      expect(report.checks['schema']).toMatchObject({
        status: 'down',
        reason: expect.stringContaining(row?.name ?? ''),
        remedy: expect.stringContaining('migration-runner'),
      });
      expect(report.checks['postgres']?.status).toBe('up');
    } finally {
      await dataSource.query(`UPDATE schema_migrations SET name = substr(name, 8)`);
    }
  });

  it('is not ready on another topology, and says what to run', async () => {
    const channel = await broker.createChannel();
    await channel.unbindQueue('mcp.results', 'mcp.events', 'stage.failed.#');
    try {
      const { status, report } = await monitor.ready();
      expect(status).toBe(503);
      expect(report.checks['topology']).toMatchObject({
        status: 'down',
        reason: expect.stringContaining('stage.failed.#'),
        remedy: expect.stringContaining('queue-init'),
      });
      expect(report.checks['rabbitmq']?.status).toBe('up');
    } finally {
      await channel.bindQueue('mcp.results', 'mcp.events', 'stage.failed.#');
      await channel.close();
    }
  });

  it('gives dependencies and queues as metrics', async () => {
    await eventually(async () => {
      const metrics = await (await monitor.get('/metrics')).text();
      for (const dependency of ['postgres', 'schema', 'redis', 'rabbitmq', 'topology']) {
        expect(metrics).toContain(
          `mcp_dependency_up{dependency="${dependency}",app="health-monitor"} 1`,
        );
        expect(metrics).toMatch(
          new RegExp(`mcp_dependency_latency_seconds\\{dependency="${dependency}",.*\\} \\d`),
        );
      }
      expect(metrics).toMatch(/mcp_queue_messages_ready\{queue="executor\.task",.*\} 0/);
      expect(metrics).toMatch(/mcp_queue_consumers\{queue="mcp\.heartbeats",.*\} 1/);
      return true;
    });
  });

  it('serves the metrics that the reference has, and no others of its own', async () => {
    const text = await (await monitor.get('/metrics')).text();
    const served = [...text.matchAll(/^# HELP (mcp_\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(
      ([, name, help, type]) => `${name} ${type}: ${help}`,
    );
    const rows = [...METRICS.matchAll(/^\| `(mcp_\w+)` +\| (\w+) +\| [^|]+\| (.*?) +\|$/gm)].map(
      ([, name, type, help]) => `${name} ${type}: ${help}`,
    );
    expect(rows.sort()).toEqual(served.sort());
  });

  it('writes the last heartbeat of each instance', async () => {
    const [first, second] = [newId(), newId()];
    await messaging.publisher.publish(AGENT_HEARTBEAT, heartbeat(first, 1));
    await messaging.publisher.publish(AGENT_HEARTBEAT, heartbeat(second, 7));
    await messaging.publisher.publish(AGENT_HEARTBEAT, heartbeat(first, 2));
    const row = await eventually(() =>
      dataSource.manager.findOneBy(AgentHealth, { instanceId: first, processed: 2 }),
    );
    expect(row).toMatchObject({
      agent: 'executor',
      status: 'healthy',
      queue: 'executor.task',
      stages: ['executor_reasoning'],
      startedAt: new Date('2026-01-01T00:00:00.000Z'),
      inFlight: 2,
      cpuPercent: 12.5,
      memoryBytes: 50_000_000,
    });
    await messaging.publisher.publish(AGENT_HEARTBEAT, {
      ...heartbeat(first, 3),
      status: 'stopping',
    });
    const later = await eventually(() =>
      dataSource.manager.findOneBy(AgentHealth, { instanceId: first, status: 'stopping' }),
    );
    expect(later.lastSeenAt.getTime()).toBeGreaterThan(row.lastSeenAt.getTime());
    expect(await dataSource.manager.count(AgentHealth)).toBe(2);
  });

  it('drops a heartbeat that cannot be written, and goes on', async () => {
    const instanceId = newId();
    await dataSource.query('ALTER TABLE agent_health RENAME TO agent_health_away');
    try {
      await messaging.publisher.publish(AGENT_HEARTBEAT, heartbeat(instanceId, 1));
      await eventually(async () =>
        /mcp_heartbeats_total\{outcome="dropped",.*\} 1/.test(
          await (await monitor.get('/metrics')).text(),
        ),
      );
    } finally {
      await dataSource.query('ALTER TABLE agent_health_away RENAME TO agent_health');
    }
    await messaging.publisher.publish(AGENT_HEARTBEAT, heartbeat(instanceId, 2));
    await eventually(() => dataSource.manager.findOneBy(AgentHealth, { instanceId, processed: 2 }));
    expect(await queue(HEARTBEATS_QUEUE)).toMatchObject({ messageCount: 0, consumerCount: 1 });
    expect((await queue(DEAD_LETTER_QUEUE)).messageCount).toBe(0);
  });

  it('answers probes of its queue', async () => {
    await eventually(() => messaging.publisher.connected);
    expect(await messaging.prober.probe(HEARTBEATS_QUEUE, { timeoutMs: 5_000 })).toBeGreaterThan(0);
  });
});
