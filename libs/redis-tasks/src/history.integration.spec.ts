import { createTestKeyPrefix, testServers } from '@askflash/testing';
import { Redis } from 'ioredis';
import { eventsOf, newTaskId, viewOf } from '../test/tasks';
import { HISTORY_LENGTH } from './limits';
import { connectRedisTasks, type RedisTasks } from './redis-tasks';

const keys = createTestKeyPrefix();
let tasks: RedisTasks;
let redis: Redis;

beforeAll(() => {
  tasks = connectRedisTasks({ url: testServers().REDIS_URL, keyPrefix: keys.prefix });
  redis = new Redis(testServers().REDIS_URL);
});
afterAll(async () => {
  await tasks.close();
  redis.disconnect();
  await keys.clear();
});

async function createMany(userId: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newTaskId);
  await Promise.all(ids.map((id) => tasks.create(viewOf(id, 1, { userId }), eventsOf(id, 1, 1))));
  return ids;
}

describe('history', () => {
  it('gives the newest first, page by page, each task once', async () => {
    const ids = await createMany('grace', 25);
    const pages = [];
    let cursor: string | undefined;
    do {
      const page = await tasks.history('grace', { limit: 10, cursor });
      pages.push(page.taskIds);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(ids.toReversed());
  });

  it('has no further page where the last one is just full', async () => {
    const ids = await createMany('edsger', 4);
    expect(await tasks.history('edsger', { limit: 4 })).toEqual({
      taskIds: ids.toReversed(),
      nextCursor: null,
    });
  });

  it('keeps its place while newer tasks come in', async () => {
    const ids = await createMany('barbara', 4);
    const { nextCursor } = await tasks.history('barbara', { limit: 2 });
    await createMany('barbara', 3);
    const next = await tasks.history('barbara', { limit: 2, cursor: nextCursor ?? undefined });
    expect(next.taskIds).toEqual([ids[1], ids[0]]);
  });

  it('parts users, whatever their ids look like', async () => {
    const userIds = ['a', 'a}:tasks', '{a}', ''];
    const created = await Promise.all(userIds.map((userId) => createMany(userId, 1)));
    for (const [i, userId] of userIds.entries()) {
      expect((await tasks.history(userId, { limit: 9 })).taskIds).toEqual(created[i]);
    }
  });

  it('takes a rebuilt task in once more', async () => {
    const [id = ''] = await createMany('alan', 1);
    await redis.del(`${keys.prefix}user:{alan}:tasks`);
    expect((await tasks.history('alan', { limit: 9 })).taskIds).toEqual([]);
    await tasks.rebuild(viewOf(id, 1, { userId: 'alan' }), eventsOf(id, 1, 1));
    expect((await tasks.history('alan', { limit: 9 })).taskIds).toEqual([id]);
  });

  it('is capped, and expires', async () => {
    const ids = await createMany('donald', HISTORY_LENGTH + 5);
    const key = `${keys.prefix}user:{donald}:tasks`;
    expect(await redis.zcard(key)).toBe(HISTORY_LENGTH);
    expect((await tasks.history('donald', { limit: 1 })).taskIds).toEqual([ids.at(-1)]);
    expect(await redis.ttl(key)).toBeGreaterThan(29 * 24 * 3_600);
  });
});
