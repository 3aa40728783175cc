import { PROBE_HEADER } from '@askflash/contracts';
import { eventually } from '@askflash/testing';
import {
  acknowledge,
  connectMessaging,
  ConsumerDuplicateError,
  MessageTooLargeError,
  ProbeUnansweredError,
  PublishInvalidError,
  retryLater,
  type Messaging,
} from '../src';
import { createTestBroker, header, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

describe('publishing and consuming', () => {
  let broker: TestBroker;
  let messaging: Messaging;

  beforeAll(async () => {
    broker = await createTestBroker();
    messaging = await connectMessaging({ url: broker.url, appName: 'test', logger: QUIET });
  });
  afterAll(async () => {
    await messaging.close();
    await broker.delete();
  });

  it('carries 10,000 messages in order, and loses none', async () => {
    const count = 10_000;
    const seen: number[] = [];
    const startedAt = performance.now();
    const consumer = await messaging.consumers.consume({
      queue: 'intent.task',
      prefetch: 200,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        seen.push(payload.attempt);
        return acknowledge();
      },
    });
    await Promise.all(
      Array.from({ length: count }, (_, index) =>
        messaging.publisher.publish(REQUEST, stageRequest({ attempt: index + 1 })),
      ),
    );
    const confirmedMs = performance.now() - startedAt;
    await eventually(() => seen.length >= count, { timeoutMs: 60_000 });
    const consumedMs = performance.now() - startedAt;
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    console.info(
      `${count} messages: ${Math.round(count / (confirmedMs / 1000))}/s confirmed, ` +
        `${Math.round(count / (consumedMs / 1000))}/s from publish to handler`,
    );
    await consumer.stop(1000);
    expect(await broker.depth('intent.task')).toBe(0);
  });

  it('hands over what was sent, as a CloudEvent in binary mode', async () => {
    await messaging.publisher.publish(REQUEST, stageRequest({ stage: 'moderation' }), {
      messageId: 'event-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      headers: { tenant: 'blue' },
      expirationMs: 60_000,
      priority: 3,
    });
    const message = await broker.take('moderator.task');
    expect(message?.fields).toMatchObject({
      exchange: 'mcp.tasks',
      routingKey: 'moderator.task',
    });
    expect(message?.properties).toMatchObject({
      contentType: 'application/json',
      deliveryMode: 2,
      messageId: 'event-1',
      expiration: '60000',
      priority: 3,
      headers: {
        'cloudEvents:specversion': '1.0',
        'cloudEvents:id': 'event-1',
        'cloudEvents:type': 'stage.requested.v1',
        'cloudEvents:source': '/test',
        'cloudEvents:subject': stageRequest().taskId,
        'cloudEvents:time': expect.stringMatching(/^\d{4}-.*Z$/),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        tenant: 'blue',
      },
    });
    expect(JSON.parse(String(message?.content))).toEqual(stageRequest({ stage: 'moderation' }));
  });

  it('refuses what AMQP or the consumer would not take, and sends none of it', async () => {
    const { publisher } = messaging;
    const deep = JSON.parse(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`);
    await expect(publisher.publish(REQUEST, stageRequest({ input: deep }))).rejects.toThrow(
      MessageTooLargeError,
    );
    await expect(
      publisher.publish(REQUEST, stageRequest({ query: 'x'.repeat(1024 * 1024) })),
    ).rejects.toThrow(MessageTooLargeError);
    await expect(publisher.publish(REQUEST, stageRequest(), { expirationMs: -1 })).rejects.toThrow(
      PublishInvalidError,
    );
    await expect(
      publisher.publish(REQUEST, stageRequest(), { messageId: 'x'.repeat(256) }),
    ).rejects.toThrow(PublishInvalidError);
    await expect(publisher.publish(REQUEST, stageRequest(), { priority: 256 })).rejects.toThrow(
      PublishInvalidError,
    );
    await expect(publisher.publish(REQUEST, stageRequest({ attempt: 0 }))).rejects.toThrow(
      /attempt/,
    );
    expect(await broker.depth('intent.task')).toBe(0);
  });

  it('settles a batch one by one', async () => {
    const outcomes = await messaging.publisher.publishAll([
      { contract: REQUEST, payload: stageRequest({ stage: 'web_search' }) },
      { contract: REQUEST, payload: { ...stageRequest(), attempt: 0 } },
      { contract: REQUEST, payload: stageRequest({ stage: 'no_such_stage' }) },
    ]);
    expect(outcomes).toMatchObject([
      { confirmed: true },
      { confirmed: false, error: { code: 'CONTRACT_VIOLATION' } },
      { confirmed: false, error: { code: 'PUBLISH_UNROUTABLE' } },
    ]);
    expect((await broker.take('websearch.task'))?.fields.routingKey).toBe('websearch.task');
  });

  it('hands a message out again after retryLater, and counts', async () => {
    const counts: number[] = [];
    const times: number[] = [];
    const consumer = await messaging.consumers.consume({
      queue: 'executor.task',
      prefetch: 10,
      contracts: [REQUEST],
      handle: async ({ deliveryCount, redelivered }) => {
        expect(redelivered).toBe(counts.length > 0);
        counts.push(deliveryCount);
        times.push(performance.now());
        return counts.length < 3 ? retryLater(200) : acknowledge();
      },
    });
    await messaging.publisher.publish(REQUEST, stageRequest({ stage: 'executor_reasoning' }));
    await eventually(() => counts.length === 3 && consumer.inFlight === 0);
    await consumer.stop(1000);
    expect(counts).toEqual([0, 1, 2]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(190);
    expect(await broker.depth('executor.task')).toBe(0);
  });

  it('answers probes without handling them', async () => {
    const handle = jest.fn(async () => acknowledge());
    const { consumers, prober } = messaging;
    await expect(prober.probe('embedding.task', { timeoutMs: 500 })).rejects.toThrow(
      /nobody consumes it/,
    );
    await expect(prober.probe('nowhere', { timeoutMs: 500 })).rejects.toThrow(ProbeUnansweredError);
    const consumer = await consumers.consume({
      queue: 'embedding.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle,
    });
    await eventually(() => consumer.state === 'consuming');
    expect(await prober.probe('embedding.task', { timeoutMs: 5000 })).toBeGreaterThan(0);
    await broker.publishRaw('embedding.task', '', { [PROBE_HEADER]: true });
    await eventually(async () => (await broker.depth('embedding.task')) === 0);
    await consumer.stop(1000);
    expect(handle).not.toHaveBeenCalled();
  });

  it('drains: finishes what runs, gives back what the grace does not suffice for', async () => {
    const finish = new Map<number, () => void>();
    const aborted: number[] = [];
    const consumer = await messaging.consumers.consume({
      queue: 'intent.task',
      prefetch: 10,
      contracts: [REQUEST],
      handle: async ({ payload, signal }) => {
        signal.addEventListener('abort', () => aborted.push(payload.attempt));
        await new Promise<void>((resolve) => finish.set(payload.attempt, resolve));
        return acknowledge();
      },
    });
    await messaging.publisher.publish(REQUEST, stageRequest({ attempt: 1 }));
    await messaging.publisher.publish(REQUEST, stageRequest({ attempt: 2 }));
    await eventually(() => consumer.inFlight === 2);
    const stopped = consumer.stop(300);
    expect(consumer.state).toBe('draining');
    finish.get(1)?.();
    await stopped;
    expect(consumer.state).toBe('stopped');
    expect(aborted).toEqual([2]);
    const left = await eventually(() => broker.take('intent.task'));
    expect(JSON.parse(String(left.content))).toMatchObject({ attempt: 2 });
    expect(header(left, 'cloudEvents:type')).toBe(REQUEST.type);
    expect(messaging.consumers.all).toEqual([]);
  });

  it('pauses and resumes', async () => {
    const seen: number[] = [];
    const consumer = await messaging.consumers.consume({
      queue: 'moderator.task',
      prefetch: 10,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        seen.push(payload.attempt);
        return acknowledge();
      },
    });
    await eventually(() => consumer.state === 'consuming');
    await consumer.pause();
    await messaging.publisher.publish(REQUEST, stageRequest({ stage: 'moderation', attempt: 7 }));
    expect(await broker.depth('moderator.task')).toBe(1);
    expect(messaging.status.snapshot()).toMatchObject({
      ready: false,
      reasons: ['Queue moderator.task is not consumed: paused'],
    });
    await consumer.resume();
    await eventually(() => seen.length === 1);
    expect(messaging.status.snapshot()).toMatchObject({ ready: true, reasons: [] });
    await consumer.stop(1000);
  });

  it('refuses to consume a queue twice', async () => {
    const options = {
      queue: 'websearch.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async () => acknowledge(),
    };
    const consumer = await messaging.consumers.consume(options);
    await expect(messaging.consumers.consume(options)).rejects.toThrow(ConsumerDuplicateError);
    await consumer.stop(0);
  });

  it('takes a message from publish to handler in milliseconds', async () => {
    const latencies: number[] = [];
    let sentAt = 0;
    const consumer = await messaging.consumers.consume({
      queue: 'intent.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async () => {
        latencies.push(performance.now() - sentAt);
        return acknowledge();
      },
    });
    await eventually(() => consumer.state === 'consuming');
    for (let sent = 1; sent <= 300; sent += 1) {
      sentAt = performance.now();
      await messaging.publisher.publish(REQUEST, stageRequest({ attempt: sent }));
      await eventually(() => latencies.length === sent, { intervalMs: 1 });
    }
    await consumer.stop(1000);
    latencies.sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.floor(share * latencies.length)]?.toFixed(2);
    console.info(
      `publish to handler: median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`,
    );
    expect(latencies).toHaveLength(300);
  });
});
