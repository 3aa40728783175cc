import { eventually } from '@askflash/testing';
import { connect } from 'amqplib';
import {
  BrokerUnreachableError,
  connectMessaging,
  DEAD_LETTER_HEADERS,
  DEAD_LETTER_QUEUE,
  DeadLetterUnreturnableError,
  PublishRejectedError,
  type CheckedOut,
  type CheckOutBounds,
  type DeadLetter,
  type Messaging,
} from '../src';
import { createTestBroker, header, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

describe('dead letters', () => {
  let broker: TestBroker;
  let messaging: Messaging;

  beforeEach(async () => {
    broker = await createTestBroker();
    messaging = await connectMessaging({ url: broker.url, appName: 'test', logger: QUIET });
    await eventually(() => messaging.publisher.connected);
  });
  afterEach(async () => {
    await messaging.close();
    await broker.delete();
  });

  const ready = () => broker.depth(DEAD_LETTER_QUEUE);

  /** As a consumer buries a message. */
  const bury = async (reason: string, { queue = 'intent.task', body = '{}', at = 0 } = {}) => {
    await broker.publishRaw(DEAD_LETTER_QUEUE, body, {
      [DEAD_LETTER_HEADERS.reason]: reason,
      [DEAD_LETTER_HEADERS.queue]: queue,
      [DEAD_LETTER_HEADERS.exchange]: 'mcp.tasks',
      [DEAD_LETTER_HEADERS.routingKey]: queue,
      [DEAD_LETTER_HEADERS.deadAt]: new Date(Date.UTC(2026, 0, 1) + at).toISOString(),
      [DEAD_LETTER_HEADERS.deliveryCount]: 2,
    });
  };

  /** As the broker buries one, for being refused. */
  const letBrokerBury = async (queue: string) => {
    const connection = await connect(broker.url);
    const channel = await connection.createChannel();
    const message = await eventually(async () => (await channel.get(queue)) || undefined);
    channel.reject(message, false);
    await channel.close();
    await connection.close();
  };

  const peek = (bounds?: CheckOutBounds) =>
    messaging.deadLetters.checkOut(
      async ({ letters, complete }) => ({ letters, complete }),
      bounds,
    );

  const sendFirstBack = (deadLetters = messaging.deadLetters) =>
    deadLetters.checkOut(async ({ letters, sendBack }) => {
      for (const letter of letters.slice(0, 1)) await sendBack(letter);
    });

  it('tells what died why, where and when, whoever buried it', async () => {
    await bury('MESSAGE_MALFORMED: the body is not JSON in UTF-8', { body: 'not JSON' });
    await messaging.publisher.publish(REQUEST, stageRequest(), { messageId: 'm-1' });
    await letBrokerBury('intent.task');
    await eventually(async () => (await ready()) === 2);
    const { letters, complete } = await peek();
    expect(complete).toBe(true);
    expect(letters).toEqual([
      {
        id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        type: null,
        subject: null,
        reason: 'MESSAGE_MALFORMED',
        detail: 'the body is not JSON in UTF-8',
        queue: 'intent.task',
        exchange: 'mcp.tasks',
        routingKey: 'intent.task',
        deadAt: '2026-01-01T00:00:00.000Z',
        firstSeenAt: null,
        deliveryCount: 2,
        redriveCount: 0,
        bytes: 8,
        bodyPreview: 'not JSON',
      },
      expect.objectContaining({
        id: 'm-1',
        type: REQUEST.type,
        reason: 'rejected',
        detail: null,
        queue: 'intent.task',
        exchange: 'mcp.tasks',
        routingKey: 'intent.task',
        deadAt: expect.stringMatching(/^20\d\d-/),
        bodyPreview: JSON.stringify(stageRequest()),
      }),
    ]);
  });

  it('takes nothing out, however often and by however many at once they are looked at', async () => {
    for (let at = 0; at < 20; at += 1) await bury(`CODE_${at}: x`, { body: `{"at":${at}}`, at });
    const { letters } = await peek();
    expect(letters.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 20 }, (_, at) => `CODE_${at}`),
    );
    await Promise.all(Array.from({ length: 30 }, (_, count) => peek({ maxCount: 1 + count })));
    await eventually(async () => (await ready()) === 20);
    expect(await peek()).toEqual({ letters, complete: true });
  });

  it.each([
    ['messages', { maxCount: 3 }, 3],
    ['bytes', { maxBytes: 30 }, 3],
  ])('stops at a number of %s, and says that there is more', async (_what, bounds, count) => {
    for (let at = 0; at < 10; at += 1) await bury('CODE: x', { body: '0123456789', at });
    const { letters, complete } = await peek(bounds);
    expect([letters.length, complete]).toEqual([count, false]);
    await eventually(async () => (await ready()) === 10);
  });

  it('tells apart what is the same', async () => {
    for (let count = 0; count < 3; count += 1) await bury('CODE: x');
    const ids = (await peek()).letters.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids.slice(1)).toEqual([`${ids[0]}#2`, `${ids[0]}#3`]);
  });

  it('sends one back as it was before it died, and leaves the others', async () => {
    await messaging.publisher.publish(REQUEST, stageRequest(), { messageId: 'm-1' });
    await letBrokerBury('intent.task');
    await eventually(async () => (await ready()) === 1);
    await bury('CODE: x', { at: 10 ** 12 });
    await sendFirstBack();
    const message = await broker.take('intent.task');
    expect(JSON.parse(String(message?.content))).toEqual(stageRequest());
    expect(message?.properties).toMatchObject({ messageId: 'm-1', deliveryMode: 2 });
    expect(header(message, 'cloudEvents:type')).toBe(REQUEST.type);
    expect(header(message, 'x-mcp-redrive-count')).toBe(1);
    const traces = Object.keys(message?.properties.headers ?? {}).filter((name) =>
      /death|dead-letter/.test(name),
    );
    expect(traces).toEqual([]);
    expect(header(message, 'x-delivery-count') ?? 0).toBe(0);
    expect((await peek()).letters.map(({ reason }) => reason)).toEqual(['CODE']);
  });

  it('keeps one that dies again and again, which RabbitMQ would drop as going round in circles', async () => {
    await messaging.publisher.publish(REQUEST, stageRequest(), { messageId: 'm-1' });
    for (let round = 0; round < 3; round += 1) {
      await letBrokerBury('intent.task');
      await eventually(async () => (await ready()) === 1);
      expect((await peek()).letters[0]).toMatchObject({ reason: 'rejected', redriveCount: round });
      await sendFirstBack();
      expect(await ready()).toBe(0);
    }
    expect(header(await broker.take('intent.task'), 'x-mcp-redrive-count')).toBe(3);
  });

  it('keeps what its queue refuses', async () => {
    await bury('CODE: x', { body: 'refused' });
    await broker.management.putPolicy(broker.name, 'full', {
      pattern: '^intent\\.task$',
      'apply-to': 'queues',
      priority: 100,
      definition: { 'max-length': 1, overflow: 'reject-publish' },
    });
    await eventually(async () => {
      await messaging.publisher.publish(REQUEST, stageRequest()).catch(() => undefined);
      const error = await messaging.publisher.publish(REQUEST, stageRequest()).catch((e) => e);
      return error instanceof PublishRejectedError;
    });
    await expect(sendFirstBack()).rejects.toThrow(PublishRejectedError);
    await eventually(async () => (await ready()) === 1);
  });

  it.each(['amq.gen-of-somebody', DEAD_LETTER_QUEUE])(
    'sends nothing to %s, whatever the headers say',
    async (queue) => {
      await bury('CODE: x', { queue });
      await expect(sendFirstBack()).rejects.toThrow(DeadLetterUnreturnableError);
      await eventually(async () => (await ready()) === 1);
    },
  );

  it('loses none where the process ends before it acknowledges', async () => {
    for (let at = 0; at < 5; at += 1) await bury('CODE: x', { body: `${at}`, at });
    let seen: readonly DeadLetter[] = [];
    const dying = await connectMessaging({ url: broker.url, appName: 'dying', logger: QUIET });
    await eventually(() => dying.publisher.connected);
    const work = dying.deadLetters.checkOut(async ({ letters, signal, sendBack }: CheckedOut) => {
      seen = letters;
      for (const letter of letters.slice(0, 2)) await sendBack(letter);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      for (const letter of letters.slice(2)) await sendBack(letter);
    });
    work.catch(() => undefined);
    await eventually(async () => (await broker.depth('intent.task')) === 2);
    await dying.close({ graceMs: 0 });
    await expect(work).rejects.toThrow(BrokerUnreachableError);
    await eventually(async () => (await ready()) === 3);
    expect((await peek()).letters).toEqual(seen.slice(2));
  });

  it('says so where the queue is missing', async () => {
    await broker.deleteQueue(DEAD_LETTER_QUEUE);
    await expect(peek()).rejects.toThrow(BrokerUnreachableError);
    await broker.declareQueue(DEAD_LETTER_QUEUE);
    expect(await peek()).toEqual({ letters: [], complete: true });
  });
});
