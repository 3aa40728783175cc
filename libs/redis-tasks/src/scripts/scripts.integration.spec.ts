import { startPrivateServers, type PrivateServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import { eventsOf, newTaskId, token, viewOf } from '../../test/tasks';
import { connectRedisTasks } from '../redis-tasks';
import type { RedisScript } from '../redis-script';
import { SCRIPTS } from '.';

let servers: PrivateServers<'redis'>;
let redis: Redis;

beforeAll(async () => {
  servers = await startPrivateServers({ only: ['redis'] });
  redis = new Redis(servers.env.REDIS_URL);
});
afterAll(async () => {
  redis.disconnect();
  await servers.stop();
});

const id = newTaskId();
const taskKeys = [`task:{${id}}`, `task:{${id}}:progress`];

function write(seq: number, from: number): (string | number)[] {
  const view = viewOf(id, seq);
  const events = eventsOf(id, from, seq).map((event) => JSON.stringify(event));
  return ['channel', 600, 100, from, seq, view.status, 'ada', JSON.stringify(view), ...events];
}

const progress = [token('a'), token('b')].map((event) => JSON.stringify(event));

/** Each script, with what answers it gives when it is run once and once more. */
const cases: [string, RedisScript, string[], (string | number)[], unknown, unknown][] = [
  ['create', SCRIPTS.create, taskKeys, write(1, 1), 0, -2],
  ['transition', SCRIPTS.transition, taskKeys, write(3, 2), 1, -3],
  [
    'append-progress',
    SCRIPTS.appendProgress,
    taskKeys,
    ['channel', 600, 100, 'writer.1', ...progress],
    [3, '3-1'],
    [3, '3-1'],
  ],
  ['rebuild', SCRIPTS.rebuild, taskKeys, write(4, 1), 2, 2],
  ['remember', SCRIPTS.remember, ['user:{ada}:tasks'], [id, 10, 600], 0, 0],
];

describe('a script that is sent twice', () => {
  const state = async () => ({
    task: await redis.hgetall(taskKeys[0] ?? ''),
    stream: await redis.xrange(taskKeys[1] ?? '', '-', '+'),
    history: await redis.zrange('user:{ada}:tasks', 0, -1, 'WITHSCORES'),
  });

  it.each(cases)('%s leaves the same state', async (_name, script, keys, values, first, second) => {
    const before = await state();
    expect(await script.run(redis, keys, values)).toEqual(first);
    const once = await state();
    expect(once).not.toEqual(before);
    expect(await script.run(redis, keys, values)).toEqual(second);
    expect(await state()).toEqual(once);
  });

  it('knows a batch of progress again among many others', async () => {
    const append = (batch: string) =>
      SCRIPTS.appendProgress.run(redis, taskKeys, ['channel', 600, 100, batch, ...progress]);
    const answers = [];
    for (let i = 0; i < 50; i += 1) answers.push(await append(`some-writer.${i}`));
    const length = await redis.xlen(taskKeys[1] ?? '');
    expect(await append('some-writer.49')).toEqual(answers[49]);
    expect(await append('some-writer.30')).toEqual(answers[30]);
    expect(await redis.xlen(taskKeys[1] ?? '')).toBe(length);
    expect(await redis.hstrlen(taskKeys[0] ?? '', 'batches')).toBeLessThanOrEqual(1024);
  });
});

describe('SCRIPT FLUSH', () => {
  it('goes unnoticed', async () => {
    const tasks = connectRedisTasks({ url: servers.env.REDIS_URL });
    try {
      const other = newTaskId();
      await tasks.create(viewOf(other, 1), eventsOf(other, 1, 1));
      await redis.script('FLUSH');
      expect(await tasks.transition(viewOf(other, 2), eventsOf(other, 2, 2))).toBe('applied');
      await redis.script('FLUSH');
      const results = await tasks.transitionMany(
        [3, 4, 5].map((seq) => ({ view: viewOf(other, seq), events: eventsOf(other, 3, seq) })),
      );
      expect(results).toEqual(['applied', 'applied', 'applied']);
      await redis.script('FLUSH');
      expect(await tasks.appendProgress(other, token('a'))).toEqual({
        status: 'appended',
        ids: ['5-1'],
      });
    } finally {
      await tasks.close();
    }
  });
});
