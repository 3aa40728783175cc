import { STAGE_COMPLETED } from '@askflash/contracts';
import { RabbitmqManagement, openConnection, vhostOf } from '@askflash/messaging';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { createDataSource } from '@askflash/typeorm-entities';
import type { ChannelModel } from 'amqplib';
import type { DataSource } from 'typeorm';
import { CANARY_INTERVAL_MS, MANAGEMENT_LAG_MS, QUICK, untilClosed, untilOpen } from './findings';
import { startMonitor, type TestMonitor } from './monitor';

const DEAD_LETTERS_COUNT = 3;

describe('health-monitor and queues', () => {
  let backbone: TestBackbone;
  let monitor: TestMonitor;
  let dataSource: DataSource;
  let broker: ChannelModel;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    const { DATABASE_URL, RABBITMQ_URL } = backbone.env;
    dataSource = createDataSource({ url: DATABASE_URL, applicationName: 'test' });
    await dataSource.initialize();
    broker = await openConnection(RABBITMQ_URL, { name: 'test', timeoutMs: 5_000 });
    monitor = await startMonitor({
      ...backbone.env,
      ...QUICK,
      HEALTH_MONITOR_QUEUE_WAIT_MS: '1000',
      HEALTH_MONITOR_DEAD_LETTERS_COUNT: String(DEAD_LETTERS_COUNT),
      HEALTH_MONITOR_OUTBOX_AGE_MS: '1000',
    });
    await eventually(async () => (await monitor.ready()).status === 200);
  });

  afterAll(async () => {
    await monitor?.close();
    await broker?.close();
    await dataSource?.destroy();
    await backbone?.remove();
  });

  const fill = async (queue: string, count: number) => {
    const channel = await broker.createConfirmChannel();
    for (let sent = 0; sent < count; sent += 1) channel.sendToQueue(queue, Buffer.from('{}'));
    await channel.waitForConfirms();
    await channel.close();
  };

  it('finds a work queue that nobody consumes, until somebody does', async () => {
    await untilOpen(monitor, 'queue_without_consumer', 'intent.task', 20_000);
    const channel = await broker.createChannel();
    await channel.consume('intent.task', (message) => message && channel.ack(message));
    await untilClosed(monitor, 'queue_without_consumer', 'intent.task', 15_000);
    await channel.close();
  });

  it('finds one that grows while its consumers take nothing', async () => {
    const channel = await broker.createChannel();
    await channel.prefetch(1);
    await channel.consume('moderator.task', () => undefined);
    const growing = setInterval(() => void fill('moderator.task', 5), 500);
    try {
      const withinMs = 2 * CANARY_INTERVAL_MS + MANAGEMENT_LAG_MS + 6_000;
      await untilOpen(monitor, 'queue_stuck', 'moderator.task', withinMs);
    } finally {
      clearInterval(growing);
    }
    await channel.purgeQueue('moderator.task');
    await channel.close();
    await untilClosed(monitor, 'queue_stuck', 'moderator.task');
  });

  it('finds one whose work waits long, though it moves', async () => {
    await fill('websearch.task', 60);
    const channel = await broker.createChannel();
    await channel.prefetch(1);
    const held: NodeJS.Timeout[] = [];
    await channel.consume('websearch.task', (message) => {
      if (message) held.push(setTimeout(() => channel.ack(message), 250));
    });
    await untilOpen(monitor, 'queue_slow', 'websearch.task', CANARY_INTERVAL_MS + 7_000);
    held.forEach(clearTimeout);
    await channel.close();
  });

  it('finds a dead-letter queue that fills', async () => {
    await fill('mcp.heartbeats', DEAD_LETTERS_COUNT); // What is no heartbeat is dead-lettered.
    await untilOpen(monitor, 'dead_letters_growing', 'mcp.dead_letter', 15_000);
  });

  it('finds an outbox that nobody empties, as where no coordinator runs', async () => {
    await dataSource.query(
      `INSERT INTO task_dag_templates (name, version, description, definition, origin, checksum)
       VALUES ('outbox', 1, '', '{}', 'user', '')`,
    );
    const [task]: { id: string }[] = await dataSource.query(
      `INSERT INTO task_histories (id, user_id, query, template_name, template_version, state)
       VALUES (gen_random_uuid(), 'ada', '', 'outbox', 1, '{}') RETURNING id`,
    );
    await dataSource.query(
      `INSERT INTO task_outbox (id, task_id, type, payload, next_attempt_at)
       VALUES (gen_random_uuid(), $1, $2, '{}', now())`,
      [task?.id, STAGE_COMPLETED.type],
    );
    await untilOpen(monitor, 'outbox_not_draining', 'postgres', 10_000);
    await dataSource.query('DELETE FROM task_outbox');
    await untilClosed(monitor, 'outbox_not_draining', 'postgres');
  });

  it('finds that a policy is gone', async () => {
    const { RABBITMQ_MANAGEMENT_URL, RABBITMQ_URL } = backbone.env;
    const management = new RabbitmqManagement(RABBITMQ_MANAGEMENT_URL);
    const vhost = vhostOf(RABBITMQ_URL);
    const policies = await management.policies(vhost);
    const policy = policies.find(({ name }) => name === 'mcp.results');
    if (!policy) throw new Error('There is no such policy');
    await management.deletePolicy(vhost, policy.name);
    await untilOpen(monitor, 'topology_drifted', 'topology', 15_000);
    await management.putPolicy(vhost, policy.name, policy);
    await untilClosed(monitor, 'topology_drifted', 'topology', 15_000);
  });

  it('finds a schema that is not the one it knows', async () => {
    const rename = (to: string) => dataSource.query(`UPDATE schema_migrations SET name = ${to}`);
    await rename(`'Unknown' || name`);
    await untilOpen(monitor, 'schema_differs', 'schema', 15_000);
    await rename(`substr(name, 8)`);
    await untilClosed(monitor, 'schema_differs', 'schema', 15_000);
  });
});
