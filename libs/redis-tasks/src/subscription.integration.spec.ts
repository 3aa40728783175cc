import { createTestKeyPrefix, eventually, testServers } from '@askflash/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { startReader } from '../test/reader';
import { eventsOf, newTaskId, token, viewOf } from '../test/tasks';
import { StreamIdInvalidError } from './errors';
import { connectRedisTasks, type RedisTasks } from './redis-tasks';

const keys = createTestKeyPrefix();
let writer: RedisTasks;
let tasks: RedisTasks;
let redis: Redis;
let id: string;

const streamKey = () => `${keys.prefix}task:{${id}}:progress`;
const streamIds = async () => (await redis.xrange(streamKey(), '-', '+')).map(([entry]) => entry);
const advance = (seq: number, from = seq) =>
  writer.transition(viewOf(id, seq), eventsOf(id, from, seq));
const tokens = (count: number) => Array.from({ length: count }, (_none, i) => token(`${i} `));

beforeAll(() => {
  const { REDIS_URL } = testServers();
  writer = connectRedisTasks({ url: REDIS_URL, keyPrefix: keys.prefix });
  tasks = connectRedisTasks({ url: REDIS_URL, keyPrefix: keys.prefix });
  redis = new Redis(REDIS_URL);
});
beforeEach(async () => {
  id = newTaskId();
  await writer.create(viewOf(id, 1), eventsOf(id, 1, 1));
});
afterAll(async () => {
  await Promise.all([writer.close(), tasks.close()]);
  redis.disconnect();
  await keys.clear();
});

describe('subscribe', () => {
  it('replays, then goes on live', async () => {
    await writer.appendProgress(id, tokens(2));
    const reader = startReader(tasks, id);
    await reader.reached('1-2');
    await advance(2);
    await writer.appendProgress(id, token('x'));
    await reader.reached('2-1');
    await reader.stop();
    expect(reader.trail()).toEqual(['1-0', '1-1', '1-2', '2-0', '2-1']);
    expect(reader.items[0]).toEqual({ kind: 'event', id: '1-0', event: eventsOf(id, 1, 1)[0] });
    expect(reader.items.at(-1)).toEqual({ kind: 'event', id: '2-1', event: token('x') });
  });

  it('leaves out the id it starts after', async () => {
    await advance(3, 2);
    const reader = startReader(tasks, id, { after: '2-0' });
    await reader.reached('3-0');
    await reader.stop();
    expect(reader.trail()).toEqual(['3-0']);
  });

  it('has neither gap nor double at the seam, whenever one comes in', async () => {
    const change = fc.oneof(fc.constant<'advance'>('advance'), fc.integer({ min: 1, max: 4 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 5, maxLength: 25 }),
        fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 4 }),
        async (changes, starts) => {
          id = newTaskId();
          await writer.create(viewOf(id, 1), eventsOf(id, 1, 1));
          let seq = 1;
          const readers = [];
          for (const [i, next] of changes.entries()) {
            // Not awaited before the next write: subscribing happens in the midst of them.
            for (const start of starts) if (start === i) readers.push(startReader(tasks, id));
            if (next === 'advance') await advance((seq += 1));
            else await writer.appendProgress(id, tokens(next));
          }
          readers.push(startReader(tasks, id));
          await advance((seq += 1));
          for (const reader of readers) {
            await reader.reached(`${seq}-0`);
            await reader.stop();
            expect(reader.trail()).toEqual(await streamIds());
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('misses nothing that comes while the pub/sub connection is still being opened', async () => {
    for (let run = 0; run < 10; run += 1) {
      const fresh = connectRedisTasks({ url: testServers().REDIS_URL, keyPrefix: keys.prefix });
      const reader = startReader(fresh, id, { after: `${run}-99` });
      await eventually(() => reader.items.length > 0, { intervalMs: 1 });
      await advance(run + 2);
      await reader.reached(`${run + 2}-0`);
      await reader.stop();
      await fresh.close();
      expect(reader.trail()).toEqual([`${run + 1}-0`, `${run + 2}-0`]);
    }
  });

  it('tells a gap where the stream was trimmed, and goes on behind it', async () => {
    await advance(4, 2);
    for (let i = 0; i < 5; i += 1) await writer.appendProgress(id, tokens(100));
    const reader = startReader(tasks, id, { after: '1-0' });
    await reader.reached('4-500');
    await advance(5);
    await reader.reached('5-0');
    await reader.stop();
    expect(reader.items[0]).toEqual({ kind: 'gap', after: 1, upTo: 4 });
    expect(reader.trail().slice(1)).toEqual(await streamIds());
  });

  it('tells a gap where the stream was evicted and the view was not', async () => {
    await advance(4, 2);
    await redis.del(streamKey());
    const reader = startReader(tasks, id);
    await eventually(() => reader.items.length > 0);
    await advance(5);
    await reader.reached('5-0');
    await reader.stop();
    expect(reader.trail()).toEqual(['gap 0–4', '5-0']);
  });

  it('tells a gap of unknown length where the task is not there, then what is rebuilt', async () => {
    id = newTaskId();
    const reader = startReader(tasks, id);
    await eventually(() => reader.items.length > 0);
    await writer.rebuild(viewOf(id, 3), eventsOf(id, 1, 3));
    await reader.reached('3-0');
    await advance(4);
    await reader.reached('4-0');
    await reader.stop();
    expect(reader.trail()).toEqual(['gap 0–?', '1-0', '2-0', '3-0', '4-0']);
  });

  it('tells a gap in place of a durable event that nobody can read', async () => {
    await redis.xadd(streamKey(), '2-0', 'event', '{"type":');
    await redis.xadd(streamKey(), '2-1', 'event', '{}');
    await redis.hset(`${keys.prefix}task:{${id}}`, 'seq', 2);
    const reader = startReader(tasks, id);
    await advance(3);
    await reader.reached('3-0');
    await reader.stop();
    expect(reader.trail()).toEqual(['1-0', 'gap 1–2', '3-0']);
  });

  it('sends a slow reader back to the stream, with all that was trimmed told', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const reader = startReader(tasks, id, { onItem: () => released });
    await reader.reached('1-0');
    for (let seq = 2; seq <= 10; seq += 1) {
      await advance(seq);
      await writer.appendProgress(id, tokens(100));
    }
    release();
    await reader.reached('10-100');
    await reader.stop();
    let told = 0;
    for (const item of reader.items) {
      if (item.kind === 'gap') {
        expect(item.after).toBe(told);
        told = item.upTo ?? NaN;
      } else if (item.id.endsWith('-0')) {
        told += 1;
        expect(item.id).toBe(`${told}-0`);
      }
    }
    expect(told).toBe(10);
    expect(new Set(reader.trail()).size).toBe(reader.items.length);
    expect(reader.items.some(({ kind }) => kind === 'gap')).toBe(true);
  });

  it('refuses what is no stream id', async () => {
    for (const after of ['', '5', '-1-0', '1-0-0', '99999999999999999-0', '1-x']) {
      const { signal } = new AbortController();
      const next = tasks.subscribe(id, { after, signal })[Symbol.asyncIterator]().next();
      await expect(next).rejects.toThrow(StreamIdInvalidError);
    }
  });

  it('ends at once where the signal was aborted before', async () => {
    for await (const item of tasks.subscribe(id, { signal: AbortSignal.abort() })) {
      throw new Error(`unexpected ${item.kind}`);
    }
  });

  it('shares channels, and leaves a channel with its last reader', async () => {
    const channel = `${keys.prefix}ai:progress:{${id}}`;
    const listeners = async () => (await redis.pubsub('NUMSUB', channel))[1];
    const readers = [startReader(tasks, id), startReader(tasks, id), startReader(tasks, id)];
    await Promise.all(readers.map((reader) => reader.reached('1-0')));
    await eventually(async () => (await listeners()) === 1);
    await readers[0]?.stop();
    await advance(2);
    await readers[1]?.reached('2-0');
    expect(await listeners()).toBe(1);
    await readers[1]?.stop();
    await readers[2]?.stop();
    await eventually(async () => (await listeners()) === 0);
  });

  it('leaves the channel where the loop is left', async () => {
    const { signal } = new AbortController();
    for await (const item of tasks.subscribe(id, { signal })) if (item.kind === 'event') break;
    const channel = `${keys.prefix}ai:progress:{${id}}`;
    await eventually(async () => (await redis.pubsub('NUMSUB', channel))[1] === 0);
  });
});
