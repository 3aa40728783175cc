import { eventually, startPrivateServers, type PrivateServers } from '@askflash/testing';
import { connect } from 'amqplib';
import {
  EVENTS_EXCHANGE,
  acknowledge,
  connectMessaging,
  type CanaryAnswer,
  type Messaging,
} from '../src';
import { createTestBroker, type TestBroker } from './broker';
import { REQUEST } from './messages';

const SILENT = { log: () => undefined, warn: () => undefined };

describe('canaries', () => {
  let broker: TestBroker;
  let messaging: Messaging;
  let answers: CanaryAnswer[];
  let forgotten: number;

  beforeEach(async () => {
    broker = await createTestBroker();
    messaging = await connectMessaging({ url: broker.url, appName: 'test', logger: SILENT });
    [answers, forgotten] = [[], 0];
    messaging.canaries.listen({
      answered: (answer) => void answers.push(answer),
      forgotten: () => void (forgotten += 1),
    });
  });

  afterEach(async () => {
    await messaging.close({ graceMs: 0 });
    await broker.delete();
  });

  const send = (ids: readonly string[]) =>
    eventually(() => messaging.canaries.send('embedding.task', ids));
  const ids = () => answers.map(({ id }) => id).sort();

  it('are answered by each consumer in its name, and handled by none', async () => {
    const handle = jest.fn(async () => acknowledge());
    const others = await connectMessaging({ url: broker.url, appName: 'b', logger: SILENT });
    for (const [tag, { consumers }] of [
      ['one', messaging],
      ['two', others],
    ] as const) {
      const consumer = await consumers.consume({
        queue: 'embedding.task',
        tag,
        prefetch: 10,
        contracts: [REQUEST],
        handle,
      });
      await eventually(() => consumer.state === 'consuming');
    }
    await send(['a', 'b']);
    await eventually(() => answers.length === 2);
    expect(ids()).toEqual(['a', 'b']);
    expect(new Set(answers.map(({ consumer }) => consumer))).toEqual(new Set(['one', 'two']));
    expect(handle).not.toHaveBeenCalled();
    await eventually(async () => (await broker.depth('embedding.task')) === 0);
    await others.close({ graceMs: 0 });
  });

  it('wait in their queue until somebody consumes it, however late', async () => {
    await send(['late']);
    await eventually(async () => (await broker.depth('embedding.task')) === 1);
    await messaging.consumers.consume({
      queue: 'embedding.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async () => acknowledge(),
    });
    await eventually(() => answers.length === 1);
    expect(answers[0]).toEqual({ id: 'late', consumer: expect.any(String) });
  });

  it('are answered anonymously by a consumer that does not tell its name', async () => {
    const model = await connect(broker.url);
    const channel = await model.createChannel();
    await channel.consume('embedding.task', (message) => {
      if (!message) return;
      const { replyTo, correlationId } = message.properties;
      channel.publish(EVENTS_EXCHANGE, String(replyTo), Buffer.alloc(0), { correlationId });
      channel.ack(message);
    });
    await send(['x']);
    await eventually(() => answers.length === 1);
    expect(answers[0]).toEqual({ id: 'x', consumer: undefined });
    await model.close();
  });
});

describe('canaries and a broker that goes', () => {
  let servers: PrivateServers<'rabbitmq'>;
  beforeAll(async () => {
    servers = await startPrivateServers({ only: ['rabbitmq'] });
  }, 120_000);
  afterAll(() => servers?.stop(), 60_000);

  it('tells that answers cannot come, and sends again when it is back', async () => {
    const url = servers.env.RABBITMQ_URL;
    const model = await connect(url);
    const channel = await model.createChannel();
    await channel.assertExchange(EVENTS_EXCHANGE, 'topic', { durable: true });
    await channel.assertQueue('q', { durable: true });
    const messaging = await connectMessaging({ url, appName: 'test', logger: SILENT });
    const { canaries } = messaging;
    let forgotten = 0;
    const answered = jest.fn();
    canaries.listen({ answered, forgotten: () => void (forgotten += 1) });
    await eventually(() => canaries.send('q', ['before']));
    await model.close();
    await servers.rabbitmq.stop();
    await eventually(() => forgotten === 1);
    expect(canaries.send('q', ['while'])).toBe(false);
    await servers.rabbitmq.start();
    await eventually(() => canaries.send('q', ['after']), { timeoutMs: 60_000 });
    expect(answered).not.toHaveBeenCalled();
    await messaging.close({ graceMs: 0 });
  }, 180_000);
});
