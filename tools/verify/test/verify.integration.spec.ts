import { VERIFY_CONFIG, loadConfig, newId } from '@askflash/config';
import { STAGE_REQUESTED, TASK_FINISHED } from '@askflash/contracts';
import {
  RESPONSES_QUEUE,
  RabbitmqManagement,
  TOPOLOGY,
  acknowledge,
  connectMessaging,
  openConnection,
  toDefinitions,
  vhostOf,
  type Messaging,
} from '@askflash/messaging';
import type { Report } from '@askflash/scenario-kit';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { TaskHistory, createDataSource } from '@askflash/typeorm-entities';
import type { ChannelModel } from 'amqplib';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import type { VerifyConfig } from '../src/stack';
import { verify } from '../src/verify';

const SILENT = { log: () => undefined, warn: () => undefined };

describe('verify', () => {
  let backbone: TestBackbone;
  let config: VerifyConfig;
  let dataSource: DataSource;
  let broker: ChannelModel;
  let messaging: Messaging;
  let redis: Redis;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    config = loadConfig(VERIFY_CONFIG, { ...backbone.env });
    dataSource = createDataSource({ url: config.databaseUrl, applicationName: 'verify-test' });
    await dataSource.initialize();
    broker = await openConnection(config.rabbitmqUrl, { name: 'verify-test', timeoutMs: 5_000 });
    messaging = await connectMessaging({
      url: config.rabbitmqUrl,
      appName: 'test',
      logger: SILENT,
    });
    await eventually(() => messaging.publisher.connected);
    redis = new Redis(config.redisUrl);
  });

  afterAll(async () => {
    redis?.disconnect();
    await messaging?.close({ graceMs: 0 });
    await broker?.close();
    await dataSource?.destroy();
    await backbone?.remove();
  });

  /** Whatever a run does, nothing of it may be left. */
  afterEach(async () => {
    expect(await dataSource.manager.count(TaskHistory)).toBe(0);
    expect(await redis.keys(`${config.redisKeyPrefix}*`)).toEqual([]);
  });

  const statuses = ({ scenarios }: Report) =>
    Object.fromEntries(scenarios.map(({ name, status }) => [name, status]));
  const failureOf = ({ scenarios }: Report, name: string) =>
    scenarios.find((scenario) => scenario.name === name)?.failure;

  async function messagesIn(queue: string): Promise<number> {
    const channel = await broker.createChannel();
    const { messageCount } = await channel.checkQueue(queue);
    await channel.close();
    return messageCount;
  }

  async function purge(queue: string): Promise<void> {
    const channel = await broker.createChannel();
    await channel.purgeQueue(queue);
    await channel.close();
  }

  it('passes on a stack that works, with nobody there but the servers', async () => {
    const report = await verify(config);
    expect(report.scenarios.filter(({ failure }) => failure)).toEqual([]);
    expect(report.status).toBe('passed');
    expect(report.scenarios.map(({ title, finding }) => [title, finding?.summary])).toEqual([
      ['PostgreSQL connection', expect.stringMatching(/^PostgreSQL \d+/)],
      ['Tables, views, templates', '5 tables, 2 views, 5 templates'],
      ['Redis connection', expect.stringMatching(/^Redis \d+/)],
      ['Redis streams', 'appended and replayed in order'],
      ['Redis pub/sub', 'published and received'],
      ['RabbitMQ connection', expect.stringMatching(/^RabbitMQ \d+/)],
      ['Queues and exchanges', '7 queues, 2 exchanges'],
      ['Topology check', expect.stringContaining('bindings')],
      [
        'End-to-end flow',
        '5 templates; nobody consumes: intent.task, embedding.task, executor.task, moderator.task, websearch.task',
      ],
    ]);
    expect(report.scenarios.at(-1)?.finding?.steps?.map(({ name }) => name)).toEqual([
      'standard_query',
      'simple_lookup',
      'complex_research',
      'web_enhanced',
      'quick_answer',
    ]);
  });

  it('leaves alone what others have in the queues', async () => {
    const taskId = newId();
    await messaging.publisher.publish(STAGE_REQUESTED, {
      taskId,
      stage: 'intent_analysis',
      attempt: 1,
      userId: 'somebody',
      query: 'What is it?',
      input: {},
      upstream: {},
      timeoutMs: 60_000,
      deadlineAt: new Date(Date.now() + 60_000).toISOString(),
    });
    await messaging.publisher.publish(TASK_FINISHED, {
      taskId,
      userId: 'somebody',
      template: { name: 'quick_answer', version: 1 },
      status: 'complete',
      result: {},
      error: null,
      createdAt: new Date().toISOString(),
      finishedAt: new Date().toISOString(),
    });
    try {
      expect((await verify(config)).status).toBe('passed');
      await eventually(async () => (await messagesIn('intent.task')) === 1);
      await eventually(async () => (await messagesIn(RESPONSES_QUEUE)) === 1);
      expect(await messagesIn('embedding.task')).toBe(0);
    } finally {
      await purge('intent.task');
      await purge(RESPONSES_QUEUE);
    }
  });

  it('has its probes answered by live agents, which handle none of them', async () => {
    const handled: string[] = [];
    const agents = await Promise.all(
      ['embedding.task', 'executor.task'].map((queue) =>
        messaging.consumers.consume({
          queue,
          prefetch: 10,
          contracts: [STAGE_REQUESTED],
          handle: async ({ messageId }) => {
            handled.push(messageId);
            return acknowledge();
          },
        }),
      ),
    );
    try {
      await eventually(() => agents.every(({ state }) => state === 'consuming'));
      const report = await verify(config);
      expect(report.status).toBe('passed');
      expect(report.scenarios.at(-1)?.finding?.summary).toBe(
        '5 templates; nobody consumes: intent.task, moderator.task, websearch.task',
      );
      expect(handled).toEqual([]);
    } finally {
      await Promise.all(agents.map((agent) => agent.stop(0)));
    }
  });

  it('passes in several runs at the same time', async () => {
    const reports = await Promise.all([verify(config), verify(config), verify(config)]);
    expect(reports.flatMap(({ scenarios }) => scenarios.filter(({ failure }) => failure))).toEqual(
      [],
    );
    await eventually(async () => (await messagesIn(RESPONSES_QUEUE)) === 0);
  });

  it('names the template and the queue whose consumer does not answer', async () => {
    const channel = await broker.createChannel();
    await channel.consume('executor.task', () => undefined);
    try {
      const report = await verify(config);
      expect(statuses(report)).toMatchObject({ topology: 'passed', 'end-to-end': 'failed' });
      expect(failureOf(report, 'end-to-end')).toMatchObject({
        part: 'template standard_query',
        code: 'QUEUE_UNANSWERED',
        message: expect.stringContaining('executor.task'),
        remedy: expect.stringContaining('agent'),
      });
    } finally {
      await channel.close();
      await purge('executor.task');
    }
  });

  it('names the template that is missing', async () => {
    await dataSource.query(
      `UPDATE task_dag_templates SET active = false WHERE name = 'web_enhanced'`,
    );
    try {
      const report = await verify(config);
      expect(statuses(report)).toMatchObject({ schema: 'failed', 'end-to-end': 'not-run' });
      expect(failureOf(report, 'schema')).toMatchObject({
        part: 'database schema',
        code: 'TEMPLATES_MISSING',
        message: expect.stringContaining('web_enhanced'),
        remedy: expect.stringContaining('migration-runner up'),
      });
    } finally {
      await dataSource.query('UPDATE task_dag_templates SET active = true');
    }
  });

  it('names the queue that is missing', async () => {
    const channel = await broker.createChannel();
    await channel.deleteQueue('moderator.task');
    await channel.close();
    try {
      const report = await verify(config);
      expect(statuses(report)).toEqual({
        postgres: 'passed',
        schema: 'passed',
        redis: 'passed',
        'redis-streams': 'passed',
        'redis-pubsub': 'passed',
        rabbitmq: 'passed',
        queues: 'failed',
        topology: 'failed',
        'end-to-end': 'not-run',
      });
      expect(failureOf(report, 'queues')).toMatchObject({
        part: 'RabbitMQ topology',
        code: 'TOPOLOGY_MISSING',
        message: expect.stringContaining('moderator.task'),
        remedy: expect.stringContaining('queue-init apply'),
      });
    } finally {
      await declareTopology();
    }
  });

  it('names the route that is missing', async () => {
    const channel = await broker.createChannel();
    await channel.unbindQueue(RESPONSES_QUEUE, 'mcp.events', 'task.*');
    await channel.close();
    try {
      const report = await verify(config);
      expect(statuses(report)).toMatchObject({ queues: 'passed', topology: 'failed' });
      expect(failureOf(report, 'topology')).toMatchObject({
        code: 'TOPOLOGY_DRIFTED',
        message: expect.stringContaining('mcp.events → mcp.responses (task.*)'),
        remedy: expect.stringContaining('queue-init'),
      });
    } finally {
      await declareTopology();
    }
  });

  it('names Redis where its password is wrong, and never shows it', async () => {
    const url = new URL(config.redisUrl);
    url.password = 'hunter2';
    const report = await verify({ ...config, redisUrl: url.href });
    expect(statuses(report)).toEqual({
      postgres: 'passed',
      schema: 'passed',
      redis: 'failed',
      'redis-streams': 'not-run',
      'redis-pubsub': 'not-run',
      rabbitmq: 'passed',
      queues: 'passed',
      topology: 'passed',
      'end-to-end': 'not-run',
    });
    expect(failureOf(report, 'redis')).toMatchObject({
      part: 'Redis',
      message: expect.stringContaining('WRONGPASS'),
      remedy: expect.stringContaining('REDIS_URL'),
    });
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  it('names each server that is not there', async () => {
    const report = await verify({
      ...config,
      databaseUrl: 'postgres://postgres:hunter2@127.0.0.1:1/askflashdb',
      redisUrl: 'redis://127.0.0.1:1',
      rabbitmqUrl: 'amqp://askflash:hunter2@127.0.0.1:1',
    });
    expect(report.scenarios.filter(({ status }) => status === 'passed')).toEqual([]);
    for (const [name, part] of [
      ['postgres', 'PostgreSQL'],
      ['redis', 'Redis'],
      ['rabbitmq', 'RabbitMQ'],
    ] as const) {
      expect(failureOf(report, name)).toMatchObject({
        part,
        remedy: expect.stringMatching(/_URL/),
      });
    }
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  async function declareTopology(): Promise<void> {
    const vhost = vhostOf(config.rabbitmqUrl);
    const management = new RabbitmqManagement(config.rabbitmqManagementUrl);
    await management.importDefinitions(vhost, toDefinitions(TOPOLOGY, vhost));
  }
});
