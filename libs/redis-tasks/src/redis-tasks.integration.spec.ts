import { createTestKeyPrefix, eventually, testServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import { startProxy } from '../test/proxy';
import { eventsOf, newTaskId, step, token, viewOf } from '../test/tasks';
import { TaskEventsInvalidError } from './errors';
import { ENDED_TASK_TTL_SECONDS, TASK_TTL_SECONDS } from './limits';
import { connectRedisTasks, type RedisTasks } from './redis-tasks';

const keys = createTestKeyPrefix();
let tasks: RedisTasks;
let redis: Redis;
let id: string;

const hashKey = () => `${keys.prefix}task:{${id}}`;
const streamKey = () => `${hashKey()}:progress`;
const streamIds = async () => (await redis.xrange(streamKey(), '-', '+')).map(([entry]) => entry);

beforeAll(() => {
  const { REDIS_URL } = testServers();
  tasks = connectRedisTasks({ url: REDIS_URL, keyPrefix: keys.prefix });
  redis = new Redis(REDIS_URL);
});
beforeEach(() => {
  id = newTaskId();
});
afterAll(async () => {
  await tasks.close();
  redis.disconnect();
  await keys.clear();
});

async function create(seq = 1) {
  return tasks.create(viewOf(id, seq), eventsOf(id, 1, seq));
}

describe('create', () => {
  it('puts view and events in', async () => {
    expect(await create(2)).toBe('created');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 2) });
    expect(await redis.hmget(hashKey(), 'seq', 'status', 'userId')).toEqual([
      '2',
      'in_progress',
      'ada',
    ]);
    expect(await streamIds()).toEqual(['1-0', '2-0']);
  });

  it('leaves a task that exists as it is', async () => {
    await create();
    await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2));
    expect(await create()).toBe('exists');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 2) });
  });

  it('is not fooled by a stream that outlived its hash', async () => {
    await create();
    await redis.del(hashKey());
    expect(await create()).toBe('exists');
    expect(await tasks.read(id)).toEqual({ found: false });
  });

  it('refuses events that do not lead to the view', async () => {
    const wrong = [eventsOf(id, 1, 2), eventsOf(newTaskId(), 3, 3), eventsOf(id, 0, 3)];
    for (const events of wrong) {
      await expect(tasks.create(viewOf(id, 3), events)).rejects.toThrow(TaskEventsInvalidError);
    }
  });
});

describe('transition', () => {
  it('applies what follows', async () => {
    await create();
    expect(await tasks.transition(viewOf(id, 3), eventsOf(id, 2, 3))).toBe('applied');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 3) });
    expect(await streamIds()).toEqual(['1-0', '2-0', '3-0']);
  });

  it('passes over the events that are in already', async () => {
    await create(2);
    expect(await tasks.transition(viewOf(id, 4), eventsOf(id, 2, 4))).toBe('applied');
    expect(await streamIds()).toEqual(['1-0', '2-0', '3-0', '4-0']);
  });

  it('calls the same state and an older one stale', async () => {
    await create(3);
    expect(await tasks.transition(viewOf(id, 3), eventsOf(id, 3, 3))).toBe('stale');
    expect(await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2))).toBe('stale');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 3) });
  });

  it('tells a gap and a miss, and changes nothing', async () => {
    expect(await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2))).toBe('missing');
    expect(await redis.exists(hashKey(), streamKey())).toBe(0);
    await create();
    expect(await tasks.transition(viewOf(id, 4), eventsOf(id, 3, 4))).toBe('gap');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 1) });
  });

  it('finishes a task, and only into a terminal status', async () => {
    await create();
    const done = viewOf(id, 2, { status: 'complete', result: { answer: '42' } });
    await expect(tasks.finish(viewOf(id, 2), eventsOf(id, 2, 2))).rejects.toThrow(
      TaskEventsInvalidError,
    );
    expect(await tasks.finish(done, eventsOf(id, 2, 2))).toBe('applied');
    expect(await tasks.read(id)).toEqual({ found: true, view: done });
  });

  it('lets exactly one of 50 concurrent writers win each step', async () => {
    await create();
    const writers = Array.from({ length: 5 }, () =>
      connectRedisTasks({ url: testServers().REDIS_URL, keyPrefix: keys.prefix }),
    );
    try {
      for (let seq = 2; seq <= 6; seq += 1) {
        const results = await Promise.all(
          Array.from({ length: 50 }, (_none, i) =>
            writers[i % writers.length]?.transition(
              viewOf(id, seq, { query: `writer ${i}` }),
              eventsOf(id, seq, seq),
            ),
          ),
        );
        expect(results.filter((result) => result === 'applied')).toHaveLength(1);
        expect(results.filter((result) => result === 'stale')).toHaveLength(49);
        expect(await tasks.read(id)).toMatchObject({
          view: { seq, query: `writer ${results.indexOf('applied')}` },
        });
      }
      expect(await streamIds()).toEqual(['1-0', '2-0', '3-0', '4-0', '5-0', '6-0']);
    } finally {
      await Promise.all(writers.map((writer) => writer.close()));
    }
  });

  it('does many in one go, results in order', async () => {
    const others = [newTaskId(), newTaskId()];
    await create();
    await tasks.create(viewOf(others[0] ?? '', 1), eventsOf(others[0] ?? '', 1, 1));
    const results = await tasks.transitionMany([
      step(id, 2),
      step(others[1] ?? '', 2),
      step(id, 3),
      step(others[0] ?? '', 5),
      step(id, 2),
    ]);
    expect(results).toEqual(['applied', 'missing', 'applied', 'gap', 'stale']);
  });
});

describe('transitionMany', () => {
  it('sends all of them before the first answer comes', async () => {
    const url = new URL(testServers().REDIS_URL);
    const proxy = await startProxy(Number(url.port));
    url.port = String(proxy.port);
    const far = connectRedisTasks({
      url: url.href,
      keyPrefix: keys.prefix,
      commandTimeoutMs: 30_000,
    });
    const ids = Array.from({ length: 200 }, newTaskId);
    await Promise.all(ids.map((each) => far.create(viewOf(each, 1), eventsOf(each, 1, 1))));
    await far.transition(viewOf(id, 2), eventsOf(id, 2, 2));
    const release = proxy.holdReplies();
    const results = far.transitionMany(ids.map((each) => step(each, 2)));
    const seqs = () =>
      Promise.all(ids.map((each) => redis.hget(`${keys.prefix}task:{${each}}`, 'seq')));
    await eventually(async () => (await seqs()).every((seq) => seq === '2'));
    release();
    expect(await results).toEqual(ids.map(() => 'applied'));
    await far.close();
    await proxy.close();
  });
});

describe('rebuild', () => {
  it('puts in what is gone', async () => {
    expect(await tasks.rebuild(viewOf(id, 3), eventsOf(id, 1, 3))).toBe('rebuilt');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 3) });
    expect(await streamIds()).toEqual(['1-0', '2-0', '3-0']);
  });

  it('takes a view alone', async () => {
    expect(await tasks.rebuild(viewOf(id, 3), [])).toBe('rebuilt');
    expect(await streamIds()).toEqual([]);
    expect(await tasks.transition(viewOf(id, 4), eventsOf(id, 4, 4))).toBe('applied');
  });

  it('never goes backwards', async () => {
    await create(3);
    expect(await tasks.rebuild(viewOf(id, 2), eventsOf(id, 1, 2))).toBe('stale');
    await redis.del(hashKey());
    expect(await tasks.rebuild(viewOf(id, 2), eventsOf(id, 1, 2))).toBe('stale');
    expect(await tasks.rebuild(viewOf(id, 3), eventsOf(id, 1, 3))).toBe('rebuilt');
  });

  it('keeps progress in its place among the events', async () => {
    await create();
    await tasks.appendProgress(id, [token('a'), token('b')]);
    await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2));
    await tasks.appendProgress(id, token('c'));
    const before = await redis.xrange(streamKey(), '-', '+');
    await redis.del(hashKey());
    await redis.xdel(streamKey(), '1-0');
    expect(await tasks.rebuild(viewOf(id, 2), eventsOf(id, 1, 2))).toBe('rebuilt');
    expect(await redis.xrange(streamKey(), '-', '+')).toEqual(before);
  });

  it('gives progress ids above those that were lost', async () => {
    await create();
    await tasks.appendProgress(id, [token('a'), token('b'), token('c')]);
    await redis.del(hashKey(), streamKey());
    await tasks.rebuild(viewOf(id, 1), eventsOf(id, 1, 1));
    const again = await tasks.appendProgress(id, [token('d'), token('e')]);
    const parts = again.status === 'appended' ? again.ids.map((x) => Number(x.split('-')[1])) : [];
    expect(parts[0]).toBeGreaterThan(3);
    expect(parts[1]).toBe((parts[0] ?? 0) + 1);
    expect(await tasks.rebuild(viewOf(id, 1), eventsOf(id, 1, 1))).toBe('rebuilt');
    const later = await tasks.appendProgress(id, token('f'));
    const part = later.status === 'appended' ? Number(later.ids[0]?.split('-')[1]) : 0;
    expect(part).toBeGreaterThan(parts[1] ?? 0);
  });
});

describe('appendProgress', () => {
  it('counts on from the last durable event', async () => {
    await create(2);
    expect(await tasks.appendProgress(id, token('a'))).toEqual({
      status: 'appended',
      ids: ['2-1'],
    });
    expect(await tasks.appendProgress(id, [token('b'), token('c')])).toEqual({
      status: 'appended',
      ids: ['2-2', '2-3'],
    });
    expect(await streamIds()).toEqual(['1-0', '2-0', '2-1', '2-2', '2-3']);
    await tasks.transition(viewOf(id, 3), eventsOf(id, 3, 3));
    expect(await tasks.appendProgress(id, token('d'))).toEqual({
      status: 'appended',
      ids: ['3-1'],
    });
  });

  it('misses where the task is gone', async () => {
    expect(await tasks.appendProgress(id, token('a'))).toEqual({ status: 'missing' });
    expect(await redis.exists(streamKey())).toBe(0);
  });

  it('does nothing with nothing', async () => {
    expect(await tasks.appendProgress(id, [])).toEqual({ status: 'appended', ids: [] });
  });

  it('never takes the id of a durable event, even where the stream was evicted', async () => {
    await create(2);
    await redis.del(streamKey());
    const result = await tasks.appendProgress(id, [token('a'), token('b')]);
    expect(result.status === 'appended' && result.ids).toEqual(await streamIds());
    expect(await streamIds()).toEqual([
      expect.stringMatching(/^2-[1-9]\d+$/),
      expect.stringMatching(/^2-[1-9]\d+$/),
    ]);
    expect(await tasks.transition(viewOf(id, 3), eventsOf(id, 3, 3))).toBe('applied');
  });

  it('is read back, the latest first and without the events between', async () => {
    await create();
    await tasks.appendProgress(id, [token('a'), token('b')]);
    await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2));
    await tasks.appendProgress(id, token('c'));
    expect(await tasks.latestProgress(id)).toEqual([token('c'), token('b'), token('a')]);
    await redis.del(streamKey());
    expect(await tasks.latestProgress(id)).toEqual([]);
  });

  it('keeps the stream at about a hundred entries', async () => {
    await create();
    for (let i = 0; i < 10; i += 1) {
      await tasks.appendProgress(
        id,
        Array.from({ length: 50 }, () => token('x')),
      );
    }
    expect(await redis.xlen(streamKey())).toBeLessThanOrEqual(200);
    expect(await redis.xlen(streamKey())).toBeGreaterThanOrEqual(100);
  });
});

describe('the time to live', () => {
  const ended = { status: 'complete' as const };
  const ttls = async () => [await redis.ttl(hashKey()), await redis.ttl(streamKey())];

  it.each([
    ['transition', () => tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2))],
    ['rebuild', () => tasks.rebuild(viewOf(id, 2), eventsOf(id, 1, 2))],
    ['appendProgress', () => tasks.appendProgress(id, token('a'))],
  ])('is renewed by %s, on hash and stream', async (_name, write) => {
    await create();
    expect(Math.min(...(await ttls()))).toBeGreaterThan(TASK_TTL_SECONDS - 10);
    await redis.expire(hashKey(), 30);
    await redis.expire(streamKey(), 30);
    await write();
    expect(Math.min(...(await ttls()))).toBeGreaterThan(TASK_TTL_SECONDS - 10);
    expect(Math.max(...(await ttls()))).toBeLessThanOrEqual(TASK_TTL_SECONDS);
  });

  it.each([
    ['transition', () => tasks.transition(viewOf(id, 2, ended), eventsOf(id, 2, 2))],
    ['rebuild', () => tasks.rebuild(viewOf(id, 2, ended), eventsOf(id, 1, 2))],
  ])('is shorter once %s has ended the task, also after late progress', async (_name, end) => {
    await create();
    await end();
    await tasks.appendProgress(id, token('late'));
    expect(Math.max(...(await ttls()))).toBeLessThanOrEqual(ENDED_TASK_TTL_SECONDS);
    expect(Math.min(...(await ttls()))).toBeGreaterThan(ENDED_TASK_TTL_SECONDS - 10);
  });

  it('is the longer one for progress of a task that an older version has written', async () => {
    await create();
    await redis.hdel(hashKey(), 'ttl');
    await redis.expire(hashKey(), 30);
    await tasks.appendProgress(id, token('a'));
    expect(Math.min(...(await ttls()))).toBeGreaterThan(TASK_TTL_SECONDS - 10);
  });
});

describe('read and remove', () => {
  it('miss what is not there', async () => {
    expect(await tasks.read(id)).toEqual({ found: false });
    await tasks.remove(id);
  });

  it('miss a view that nobody can read', async () => {
    await redis.hset(hashKey(), 'seq', 1, 'view', '{"id":');
    expect(await tasks.read(id)).toEqual({ found: false });
  });

  it('take out task and history', async () => {
    const userId = `user ${id}`;
    await tasks.create(viewOf(id, 1, { userId }), eventsOf(id, 1, 1));
    expect(await tasks.history(userId, { limit: 5 })).toEqual({ taskIds: [id], nextCursor: null });
    await tasks.remove(id);
    expect(await tasks.read(id)).toEqual({ found: false });
    expect(await redis.exists(hashKey(), streamKey())).toBe(0);
    expect(await tasks.history(userId, { limit: 5 })).toEqual({ taskIds: [], nextCursor: null });
  });
});

describe('ping', () => {
  it('answers how long it took', async () => {
    expect(await tasks.ping()).toBeGreaterThan(0);
    expect(tasks.status()).toBe('ready');
  });
});
