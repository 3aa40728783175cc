import { Test } from '@nestjs/testing';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { z } from 'zod';
import { eventually, createTestVhost, type TestVhost } from '@askflash/testing';
import {
  acknowledge,
  assertTopology,
  BrokerUnreachableError,
  checkTopology,
  Consumers,
  MessagingModule,
  MessagingStatus,
  Prober,
  Publisher,
  TopologyMissingError,
} from '../src';
import { createTestBroker, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

const NOWHERE = 'amqp://askflash:askflash123@127.0.0.1:1/';

describe('the boot of an app', () => {
  let broker: TestBroker;
  let empty: TestVhost;

  beforeAll(async () => {
    [broker, empty] = await Promise.all([createTestBroker(), createTestVhost()]);
  });
  afterAll(async () => {
    await Promise.all([broker.delete(), empty.delete()]);
  });

  it('has everything by injection, and two Nest apps in one process do not meet', async () => {
    const boot = async (appName: string) => {
      const options = { url: broker.url, appName, logger: QUIET };
      const module = await Test.createTestingModule({
        imports: [MessagingModule.forRootAsync({ useFactory: () => options })],
      }).compile();
      return module.init();
    };
    const [first, second] = [await boot('first'), await boot('second')];
    const seen: string[] = [];
    for (const [app, queue] of [
      [first, 'intent.task'],
      [second, 'moderator.task'],
    ] as const) {
      await app.get(Consumers).consume({
        queue,
        prefetch: 1,
        contracts: [REQUEST],
        handle: async ({ payload }) => {
          seen.push(payload.stage);
          return acknowledge();
        },
      });
    }
    await eventually(() => second.get(MessagingStatus).snapshot().ready);
    await second.get(Publisher).publish(REQUEST, stageRequest());
    await first.get(Publisher).publish(REQUEST, stageRequest({ stage: 'moderation' }));
    await eventually(() => seen.length === 2);
    expect(await first.get(Prober).probe('moderator.task', { timeoutMs: 5000 })).toBeGreaterThan(0);
    await first.close();
    await second.close();
  });

  it('names its two connections', async () => {
    const module = await Test.createTestingModule({
      imports: [MessagingModule.forRoot({ url: broker.url, appName: 'named', logger: QUIET })],
    }).compile();
    const app = await module.init();
    await eventually(() => app.get(Publisher).connected);
    const names = await eventually(async () => {
      const found = await broker.connectionNames();
      return found.length >= 2 && found.filter((name) => name.startsWith('named:')).sort();
    });
    expect(names).toEqual(['named:consume', 'named:publish']);
    await app.close();
  });

  it('does not wait for a broker that is down, nor does its end', async () => {
    const module = await Test.createTestingModule({
      imports: [MessagingModule.forRoot({ url: NOWHERE, appName: 'lonely', logger: QUIET })],
    }).compile();
    const app = await module.init();
    await app.get(Consumers).consume({
      queue: 'intent.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async () => acknowledge(),
    });
    expect(app.get(MessagingStatus).snapshot()).toMatchObject({
      ready: false,
      reasons: [
        'No connection to RabbitMQ to publish on',
        'Queue intent.task is not consumed: connecting',
      ],
    });
    await app.close();
  });

  it('finds out that the topology is missing, and makes none of it', async () => {
    await assertTopology(broker.url, ['intent.task', 'mcp.results']);
    await expect(assertTopology(empty.url, ['intent.task'])).rejects.toMatchObject({
      constructor: TopologyMissingError,
      missing: ['the exchange mcp.tasks', 'the exchange mcp.events', 'the queue intent.task'],
      remedy: 'Run `queue-init apply`.',
    });
    expect(await checkTopology(broker.management, broker.name)).toEqual([]);
    const differences = await checkTopology(broker.management, empty.name);
    expect(differences.every(({ kind }) => kind === 'missing')).toBe(true);
  });

  it('finds out that the broker is down, without telling its password', async () => {
    const check = assertTopology(NOWHERE, [], { timeoutMs: 500 });
    await expect(check).rejects.toThrow(BrokerUnreachableError);
    await expect(check).rejects.toThrow(expect.not.stringContaining('askflash123'));
  });

  it('finds out that the broker goes away while it looks', async () => {
    const { hostname, port } = new URL(broker.url);
    const proxy = createServer((near) => {
      const far = connect(Number(port), hostname);
      near.on('error', () => undefined).pipe(far);
      far.on('error', () => undefined).pipe(near);
      near.on('data', (data) => {
        if (data.includes('intent.task')) near.destroy();
      });
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port: proxyPort } = z.object({ port: z.number() }).parse(proxy.address());
    try {
      const url = Object.assign(new URL(broker.url), { port: String(proxyPort) }).href;
      await expect(assertTopology(url, ['intent.task'])).rejects.toThrow(BrokerUnreachableError);
    } finally {
      proxy.close();
    }
  });
});
