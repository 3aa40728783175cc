import { eventually } from '@askflash/testing';
import {
  acknowledge,
  connectMessaging,
  DEAD_LETTER_HEADERS,
  DEAD_LETTER_QUEUE,
  deadLetter,
  type Consumer,
  type Messaging,
} from '../src';
import { createTestBroker, header, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

/** As many as a message can have, which leaves no room for the headers of a dead letter. */
const LONG_NAMES = Array.from({ length: 269 }, (_one, index) => String(index).padStart(240, 'n'));

const HEADERS = { 'cloudEvents:type': REQUEST.type, 'cloudEvents:id': 'bad-1' };
const valid = (changes = {}) => JSON.stringify(stageRequest(changes));

describe('messages that cannot be handled', () => {
  let broker: TestBroker;
  let messaging: Messaging;
  let consumer: Consumer;
  const handled: string[] = [];
  const warnings: string[] = [];
  let poisoned = 0;

  beforeAll(async () => {
    broker = await createTestBroker();
    messaging = await connectMessaging({
      url: broker.url,
      appName: 'test',
      logger: { ...QUIET, warn: (message) => warnings.push(message) },
    });
    consumer = await messaging.consumers.consume({
      queue: 'intent.task',
      prefetch: 5,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        if (payload.query === 'poison') {
          poisoned += 1;
          throw new Error('cannot digest it');
        }
        if (payload.query === 'hopeless') return deadLetter('NO_SUCH_USER: ada is gone');
        handled.push(payload.query);
        return acknowledge();
      },
    });
    await eventually(() => consumer.state === 'consuming');
  });
  afterAll(async () => {
    await messaging.close();
    await broker.delete();
  });

  it.each([
    ['one over 1 MiB', Buffer.alloc(1024 * 1024 + 1, 'x'), HEADERS, /^MESSAGE_TOO_LARGE: .*bytes/],
    [
      'JSON nested 200 deep',
      `${'['.repeat(200)}${']'.repeat(200)}`,
      HEADERS,
      /^MESSAGE_TOO_LARGE: .*deeper than 64/,
    ],
    ['malformed JSON', '{"taskId":', HEADERS, /^MESSAGE_MALFORMED/],
    ['text that is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), HEADERS, /^MESSAGE_MALFORMED/],
    [
      'a version it does not know',
      valid(),
      { 'cloudEvents:type': 'stage.requested.v2' },
      /^MESSAGE_TYPE_UNKNOWN: it has the type stage\.requested\.v2; .* stage\.requested\.v1$/,
    ],
    [
      'one whose headers would not fit twice',
      '{',
      { ...HEADERS, 'cloudEvents:time': 'a'.repeat(50_000) },
      /^MESSAGE_MALFORMED/,
    ],
    [
      'one whose headers have names that would not fit twice',
      '{',
      { ...HEADERS, ...Object.fromEntries(LONG_NAMES.map((name) => [name, 1])) },
      /^MESSAGE_MALFORMED/,
    ],
    ['one without a type', valid(), {}, /^MESSAGE_TYPE_UNKNOWN: it has no type/],
    ['one that breaks its contract', '{}', HEADERS, /^CONTRACT_VIOLATION: .*taskId/],
    [
      'one its handler gives up',
      valid({ query: 'hopeless' }),
      HEADERS,
      /^NO_SUCH_USER: ada is gone$/,
    ],
  ])(
    'dead-letters %s at once, with the reason, and goes on',
    async (_what, body, headers, reason) => {
      await broker.publishRaw('intent.task', body, headers);
      const dead = await eventually(() => broker.take(DEAD_LETTER_QUEUE));
      expect(header(dead, DEAD_LETTER_HEADERS.reason)).toEqual(expect.stringMatching(reason));
      expect(header(dead, DEAD_LETTER_HEADERS.queue)).toBe('intent.task');
      expect(header(dead, DEAD_LETTER_HEADERS.firstSeenAt)).toEqual(
        expect.stringMatching(/^\d{4}-/),
      );
      expect(dead.content.equals(Buffer.from(body))).toBe(true);
      expect(await broker.depth('intent.task')).toBe(0);
    },
  );

  it('dead-letters a poison message within the delivery limit, its neighbours unharmed', async () => {
    handled.length = 0;
    const queries = ['a', 'b', 'poison', 'c', 'd'];
    for (const query of queries)
      await messaging.publisher.publish(REQUEST, stageRequest({ query }));
    await eventually(() => handled.length === 4);
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
    const dead = await eventually(() => broker.take(DEAD_LETTER_QUEUE), { timeoutMs: 30_000 });
    expect(JSON.parse(String(dead.content))).toMatchObject({ query: 'poison' });
    expect(header(dead, 'x-death')).toEqual([
      expect.objectContaining({ queue: 'intent.task', reason: 'delivery_limit' }),
    ]);
    expect(poisoned).toBe(6);
    expect(await broker.depth('intent.task')).toBe(0);
    expect(await broker.depth(DEAD_LETTER_QUEUE)).toBe(0);
  });

  it('lets no __proto__ key reach a prototype', async () => {
    const seen: unknown[] = [];
    const second = await messaging.consumers.consume({
      queue: 'executor.task',
      prefetch: 1,
      contracts: [REQUEST],
      handle: async ({ payload }) => {
        seen.push(payload.input);
        return acknowledge();
      },
    });
    const evil = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const body = valid({ input: {} }).replace('"input":{}', `"input":{"nested":${evil},"a":1}`);
    await broker.publishRaw('executor.task', body, HEADERS);
    await eventually(() => seen.length === 1);
    expect(seen[0]).toMatchObject({ a: 1 });
    expect(Object.getPrototypeOf(Object(seen[0]).nested)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
    await broker.publishRaw(
      'executor.task',
      valid().replace('{', `{"__proto__":{"x":1},`),
      HEADERS,
    );
    await eventually(
      async () => seen.length === 2 || (await broker.depth(DEAD_LETTER_QUEUE)) === 1,
    );
    expect({}).not.toHaveProperty('x');
    await second.stop(1000);
  });

  it('leaves a dead letter to the broker where its copy is not confirmed', async () => {
    await broker.deleteQueue(DEAD_LETTER_QUEUE);
    await broker.publishRaw('intent.task', 'not JSON', HEADERS);
    await eventually(() => warnings.some((text) => text.includes('leaving that to the broker')));
    // The broker holds on to it, at least once, until there is a queue to take it. Where it has found
    // none it looks again after three minutes (dead_letter_worker_publisher_confirm_timeout).
    await broker.declareQueue(DEAD_LETTER_QUEUE);
    const dead = await eventually(() => broker.take(DEAD_LETTER_QUEUE), { timeoutMs: 240_000 });
    expect(header(dead, 'x-death')).toEqual([expect.objectContaining({ reason: 'rejected' })]);
  }, 300_000);
});
