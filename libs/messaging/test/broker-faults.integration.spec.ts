import { eventually, startPrivateServers, type PrivateServers } from '@askflash/testing';
import { connect } from 'amqplib';
import {
  acknowledge,
  connectMessaging,
  PublisherBlockedError,
  PublisherDisconnectedError,
  PublishUnknownError,
  RabbitmqManagement,
  toDefinitions,
  TOPOLOGY,
  vhostOf,
  type Messaging,
} from '../src';
import { QUIET, REQUEST, stageRequest } from './messages';

describe('a broker that fails', () => {
  let servers: PrivateServers<'rabbitmq'>;
  let url: string;
  let messaging: Messaging;

  const declareTopology = async () => {
    const vhost = vhostOf(url);
    await new RabbitmqManagement(servers.env.RABBITMQ_MANAGEMENT_URL).importDefinitions(
      vhost,
      toDefinitions(TOPOLOGY, vhost),
    );
  };

  beforeAll(async () => {
    servers = await startPrivateServers({ only: ['rabbitmq'] });
    url = servers.env.RABBITMQ_URL;
    await declareTopology();
  });
  beforeEach(async () => {
    messaging = await connectMessaging({
      url,
      appName: 'faults',
      publishTimeoutMs: 2_000,
      logger: QUIET,
    });
    await eventually(() => messaging.publisher.connected);
  });
  afterEach(async () => {
    await messaging.close({ graceMs: 500 });
  });
  afterAll(async () => {
    await servers.stop();
  });

  it('restarts in the middle of a stream, and nothing is lost', async () => {
    const received = new Set<number>();
    const confirmed = new Set<number>();
    const unknown = new Set<number>();
    const consumer = await messaging.consumers.consume({
      queue: 'intent.task',
      prefetch: 50,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        received.add(payload.attempt);
        return acknowledge();
      },
    });
    let sending = true;
    let attempt = 0;
    const stream = async () => {
      while (sending) {
        attempt += 1;
        const number = attempt;
        try {
          await messaging.publisher.publish(REQUEST, stageRequest({ attempt: number }));
          confirmed.add(number);
        } catch (error) {
          if (error instanceof PublishUnknownError) unknown.add(number);
          else if (!(error instanceof PublisherDisconnectedError)) throw error;
        }
      }
    };
    const streams = Promise.all(Array.from({ length: 20 }, stream));
    await eventually(() => confirmed.size > 500);
    await servers.rabbitmq.restart();
    const before = confirmed.size;
    await eventually(() => confirmed.size > before + 500, { timeoutMs: 60_000 });
    sending = false;
    await streams;
    await eventually(() => [...confirmed].every((number) => received.has(number)));
    const invented = [...received].filter((n) => !confirmed.has(n) && !unknown.has(n));
    expect(invented).toEqual([]);
    expect(unknown.size).toBeLessThanOrEqual(40);
    expect(messaging.status.snapshot()).toMatchObject({ ready: true, reasons: [] });
    await consumer.stop(1000);
  });

  it('goes away: status says so, publishing ends with its time-out, all recovers', async () => {
    const consumer = await messaging.consumers.consume({
      queue: 'moderator.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async () => acknowledge(),
    });
    await eventually(() => consumer.state === 'consuming');
    await servers.rabbitmq.stop();
    await eventually(() => consumer.state === 'connecting');
    expect(messaging.status.snapshot()).toMatchObject({
      ready: false,
      reasons: [
        'No connection to RabbitMQ to publish on',
        'Queue moderator.task is not consumed: connecting',
      ],
    });
    await expect(messaging.publisher.publish(REQUEST, stageRequest())).rejects.toThrow(
      PublisherDisconnectedError,
    );
    await servers.rabbitmq.start();
    await eventually(() => messaging.status.snapshot().ready, { timeoutMs: 30_000 });
    await messaging.publisher.publish(REQUEST, stageRequest({ stage: 'moderation' }));
  });

  it('is short of memory: publishing waits, consuming goes on, closing does not hang', async () => {
    const seen: number[] = [];
    const release: (() => void)[] = [];
    const consumer = await messaging.consumers.consume({
      queue: 'executor.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        seen.push(payload.attempt);
        await new Promise<void>((resolve) => release.push(resolve));
        return acknowledge();
      },
    });
    const request = (attempt: number) => stageRequest({ stage: 'executor_reasoning', attempt });
    await messaging.publisher.publish(REQUEST, request(1));
    await messaging.publisher.publish(REQUEST, request(2));
    await eventually(() => seen.length === 1);

    await servers.rabbitmq.ctl(['set_vm_memory_high_watermark', '0.00001']);
    try {
      // The alarm reaches a connection with its next publish, which may be lost sight of.
      await messaging.publisher.publish(REQUEST, request(3)).catch(() => undefined);
      await eventually(() => messaging.publisher.blocked);
      expect(messaging.status.snapshot().reasons).toContain(
        'RabbitMQ takes no messages, being short of memory or disk',
      );
      await expect(messaging.publisher.publish(REQUEST, request(4))).rejects.toThrow(
        PublisherBlockedError,
      );
      release[0]?.();
      await eventually(() => seen.length === 2);

      const second = await connectMessaging({
        url,
        appName: 'second',
        publishTimeoutMs: 300,
        logger: QUIET,
      });
      await eventually(() => second.publisher.connected || second.publisher.blocked);
      await second.publisher.publish(REQUEST, request(5)).catch(() => undefined);
      const startedAt = performance.now();
      await second.close({ graceMs: 100 });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    } finally {
      await servers.rabbitmq.ctl(['set_vm_memory_high_watermark', '0.6']);
    }
    await eventually(() => !messaging.publisher.blocked);
    await messaging.publisher.publish(REQUEST, request(6));
    release.forEach((resolve) => resolve());
    await consumer.stop(0);
  });

  it('loses a queue: its consumer comes back with it', async () => {
    const seen: number[] = [];
    const consumer = await messaging.consumers.consume({
      queue: 'websearch.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        seen.push(payload.attempt);
        return acknowledge();
      },
    });
    await eventually(() => consumer.state === 'consuming');
    const connection = await connect(url);
    const channel = await connection.createChannel();
    await channel.deleteQueue('websearch.task');
    await connection.close();
    await eventually(() => consumer.state === 'cancelled');
    expect(messaging.status.snapshot()).toMatchObject({
      ready: false,
      reasons: ['Queue websearch.task is not consumed: cancelled'],
    });
    await declareTopology();
    await eventually(() => consumer.state === 'consuming');
    await messaging.publisher.publish(REQUEST, stageRequest({ stage: 'web_search', attempt: 9 }));
    await eventually(() => seen.includes(9));
    await consumer.stop(1000);
  });
});
