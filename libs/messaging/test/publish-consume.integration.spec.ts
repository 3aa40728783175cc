import { eventually } from '@askflash/testing';
import { acknowledge, connectMessaging, type Messaging } from '../src';
import { createTestBroker, type TestBroker } from './broker';
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
  });
});
