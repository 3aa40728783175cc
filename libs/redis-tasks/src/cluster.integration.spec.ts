import { eventually } from '@askflash/testing';
import { startCluster, type TestCluster } from '../test/cluster';
import { startReader } from '../test/reader';
import { eventsOf, newTaskId, step, token, viewOf } from '../test/tasks';
import { connectRedisTasks, type RedisTasks } from './redis-tasks';

let cluster: TestCluster;
let tasks: RedisTasks;

beforeAll(async () => {
  cluster = await startCluster();
  tasks = connectRedisTasks({ url: cluster.url, keyPrefix: 'prefix:' });
});
afterAll(async () => {
  await tasks.close();
  await cluster.stop();
});

describe('a Redis Cluster of three nodes', () => {
  it('has all keys of one task in one slot, and tasks on every node', async () => {
    const ids = Array.from({ length: 60 }, newTaskId);
    await Promise.all(ids.map((id) => tasks.create(viewOf(id, 1), eventsOf(id, 1, 1))));
    for (const id of ids) {
      const names = [`prefix:task:{${id}}`, `prefix:task:{${id}}:progress`];
      const slots = names.map((name) => cluster.nodes[0]?.call('CLUSTER', 'KEYSLOT', name));
      expect(new Set(await Promise.all(slots)).size).toBe(1);
    }
    const sizes = await Promise.all(cluster.nodes.map((node) => node.dbsize()));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    // 60 hashes, 60 streams, one history.
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(121);
  });

  it('takes a task through its life', async () => {
    const id = newTaskId();
    expect(await tasks.create(viewOf(id, 1), eventsOf(id, 1, 1))).toBe('created');
    expect(await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2))).toBe('applied');
    expect(await tasks.appendProgress(id, token('a'))).toEqual({
      status: 'appended',
      ids: ['2-1'],
    });
    const done = viewOf(id, 3, { status: 'complete' });
    expect(await tasks.finish(done, eventsOf(id, 3, 3))).toBe('applied');
    expect(await tasks.read(id)).toEqual({ found: true, view: done });
    expect((await tasks.history('ada', { limit: 1 })).taskIds).toEqual([id]);
    expect(await tasks.rebuild(done, eventsOf(id, 1, 3))).toBe('rebuilt');
    await tasks.remove(id);
    expect(await tasks.read(id)).toEqual({ found: false });
    expect(await tasks.ping()).toBeGreaterThan(0);
  });

  it('does many transitions at once over all nodes', async () => {
    const ids = Array.from({ length: 60 }, newTaskId);
    await Promise.all(ids.map((id) => tasks.create(viewOf(id, 1), eventsOf(id, 1, 1))));
    const results = await tasks.transitionMany(ids.map((id, i) => step(id, i % 2 === 0 ? 2 : 3)));
    expect(results).toEqual(ids.map((_id, i) => (i % 2 === 0 ? 'applied' : 'gap')));
  });

  it('begins an epoch with each node that is lost, as its replica may lack the last writes', async () => {
    const { epoch } = tasks;
    await cluster.nodes[0]?.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() => tasks.epoch > epoch);
    const id = newTaskId();
    await eventually(() => tasks.create(viewOf(id, 1), eventsOf(id, 1, 1)).catch(() => undefined));
    expect(await tasks.behind([{ id, seq: 2 }])).toEqual([id]);
  });

  it('passes what is published on any node to a subscriber on one', async () => {
    const ids = Array.from({ length: 12 }, newTaskId);
    await Promise.all(ids.map((id) => tasks.create(viewOf(id, 1), eventsOf(id, 1, 1))));
    const readers = ids.map((id) => startReader(tasks, id));
    await Promise.all(readers.map((reader) => reader.reached('1-0')));
    for (const id of ids) {
      await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2));
      await tasks.appendProgress(id, [token('a'), token('b')]);
    }
    for (const reader of readers) {
      await reader.reached('2-2');
      await reader.stop();
      expect(reader.trail()).toEqual(['1-0', '2-0', '2-1', '2-2']);
    }
  });
});
