import { eventually, startPrivateServers, type PrivateServers } from '@askflash/testing';
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Redis } from 'ioredis';
import { startProxy } from '../test/proxy';
import { startReader } from '../test/reader';
import { eventsOf, newTaskId, token, viewOf } from '../test/tasks';
import { RedisUnavailableError } from './errors';
import { RedisTasks, connectRedisTasks } from './redis-tasks';
import { RedisTasksModule } from './redis-tasks.module';
import type { RedisStatus } from './types';

let servers: PrivateServers<'redis'>;
let redis: Redis;
const open: RedisTasks[] = [];

function connectTasks(options: { url?: string; commandTimeoutMs?: number } = {}): RedisTasks {
  const tasks = connectRedisTasks({ url: servers.env.REDIS_URL, ...options });
  open.push(tasks);
  return tasks;
}

beforeAll(async () => {
  servers = await startPrivateServers({ only: ['redis'] });
  redis = new Redis(servers.env.REDIS_URL).on('error', () => undefined);
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((tasks) => tasks.close()));
});
afterAll(async () => {
  redis.disconnect();
  await servers.stop();
});

async function createTask(tasks: RedisTasks): Promise<string> {
  const id = newTaskId();
  await tasks.create(viewOf(id, 1), eventsOf(id, 1, 1));
  return id;
}

describe('FLUSHALL', () => {
  it('is an ordinary miss everywhere', async () => {
    const tasks = connectTasks();
    const id = await createTask(tasks);
    await redis.flushall();
    expect(await tasks.read(id)).toEqual({ found: false });
    expect(await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2))).toBe('missing');
    expect(await tasks.appendProgress(id, token('a'))).toEqual({ status: 'missing' });
    expect(await tasks.history('ada', { limit: 9 })).toEqual({ taskIds: [], nextCursor: null });
    expect(await tasks.rebuild(viewOf(id, 2), eventsOf(id, 1, 2))).toBe('rebuilt');
    expect(await tasks.read(id)).toEqual({ found: true, view: viewOf(id, 2) });
  });

  it('costs a live reader nothing, once the task is rebuilt', async () => {
    const tasks = connectTasks();
    const id = await createTask(tasks);
    await tasks.appendProgress(id, [token('a'), token('b')]);
    const reader = startReader(tasks, id);
    await reader.reached('1-2');
    await eventually(async () => (await redis.pubsub('NUMSUB', `ai:progress:{${id}}`))[1] === 1);
    await redis.flushall();
    await tasks.rebuild(viewOf(id, 2), eventsOf(id, 1, 2));
    const [seen] = await Promise.all([tasks.appendProgress(id, token('c')), reader.reached('2-0')]);
    const last = seen.status === 'appended' ? (seen.ids[0] ?? '') : '';
    await reader.reached(last);
    await reader.stop();
    expect(reader.trail().filter((place) => place !== 'gap 1–?')).toEqual([
      '1-0',
      '1-1',
      '1-2',
      '2-0',
      last,
    ]);
  });
});

describe('a lost connection', () => {
  it('is opened again, commands under way are sent again, and readers miss nothing', async () => {
    const writer = connectTasks();
    const tasks = connectTasks();
    const id = await createTask(writer);
    const reader = startReader(tasks, id);
    await reader.reached('1-0');
    for (let seq = 2; seq <= 12; seq += 1) {
      const writes = [
        writer.transition(viewOf(id, seq), eventsOf(id, seq, seq)),
        writer.appendProgress(id, [token('a'), token('b')]),
      ];
      await redis.client('KILL', 'TYPE', 'pubsub');
      await redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await Promise.allSettled(writes);
      await eventually(() => writer.status() === 'ready');
      const result = await writer.transition(viewOf(id, seq), eventsOf(id, seq, seq));
      expect(['applied', 'stale']).toContain(result);
    }
    await reader.reached('12-0');
    const last = await writer.appendProgress(id, token('end'));
    await reader.reached(last.status === 'appended' ? (last.ids[0] ?? '') : '');
    await reader.stop();
    const stream = await redis.xrange(`task:{${id}}:progress`, '-', '+');
    expect(reader.trail()).toEqual(stream.map(([entry]) => entry));
    expect(stream.filter(([entry]) => entry.endsWith('-0'))).toHaveLength(12);
  });

  it('has what Redis did not answer sent again, and nothing done twice', async () => {
    const proxy = await startProxy(servers.redis.port);
    const url = new URL(servers.env.REDIS_URL);
    url.port = String(proxy.port);
    const tasks = connectTasks({ url: url.href, commandTimeoutMs: 20_000 });
    const id = await createTask(tasks);
    proxy.holdReplies();
    const appending = tasks.appendProgress(id, [token('a'), token('b')]);
    const advancing = tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2));
    const ids = async () =>
      (await redis.xrange(`task:{${id}}:progress`, '-', '+')).map(([entry]) => entry);
    await eventually(async () => (await ids()).length === 4);
    proxy.drop();
    expect(await appending).toEqual({ status: 'appended', ids: ['1-1', '1-2'] });
    expect(await advancing).toBe('stale');
    expect(await ids()).toEqual(['1-0', '1-1', '1-2', '2-0']);
    expect(proxy.opened()).toBe(2);
    await tasks.close();
    await proxy.close();
  });

  it('is a new epoch: Redis may have come back with less', async () => {
    const tasks = connectTasks();
    await tasks.ping();
    expect(tasks.epoch).toBe(1);
    await redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await eventually(() => tasks.epoch === 2);
  });

  it('is one for all subscriptions', async () => {
    const tasks = connectTasks();
    const ids = await Promise.all(Array.from({ length: 20 }, () => createTask(tasks)));
    const readers = ids.map((id) => startReader(tasks, id));
    await Promise.all(readers.map((reader) => reader.reached('1-0')));
    await eventually(async () => (await redis.pubsub('CHANNELS')).length === 20);
    const clients = String(await redis.call('CLIENT', 'LIST', 'TYPE', 'pubsub'));
    expect(clients.trim().split('\n')).toHaveLength(1);
    await Promise.all(readers.map((reader) => reader.stop()));
  });

  it('that is silent counts as dead: the command fails, and another is opened', async () => {
    const proxy = await startProxy(servers.redis.port);
    const url = new URL(servers.env.REDIS_URL);
    url.port = String(proxy.port);
    const tasks = connectTasks({ url: url.href, commandTimeoutMs: 300 });
    await tasks.ping();
    proxy.freeze();
    await expect(tasks.ping()).rejects.toThrow(/no answer within 300 ms/);
    await eventually(() => tasks.ping().catch(() => 0));
    expect(proxy.opened()).toBe(2);
    await tasks.close();
    await proxy.close();
  });
});

describe('a Redis that does not answer in time', () => {
  it('fails the command with a named error, and is used again after', async () => {
    const tasks = connectTasks({ commandTimeoutMs: 200 });
    await eventually(() => tasks.ping().catch(() => 0));
    await redis.client('PAUSE', 5_000, 'ALL');
    const startedAt = performance.now();
    await expect(tasks.read(newTaskId())).rejects.toThrow(RedisUnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(4_500);
    await eventually(() => tasks.ping().catch(() => 0));
  });
});

describe('a Redis that is down', () => {
  afterEach(() => servers.redis.start());

  it('lets commands fail fast, and comes back by itself', async () => {
    const changes: RedisStatus[] = [];
    await servers.redis.stop();
    const tasks = connectRedisTasks({
      url: servers.env.REDIS_URL,
      commandTimeoutMs: 60_000,
      onStatusChange: (status, reason) => {
        changes.push(status);
        expect(reason ?? '').not.toContain('askflash123');
      },
    });
    open.push(tasks);
    expect(tasks.status()).toBe('connecting');
    const first = await tasks.read(newTaskId()).catch((error: unknown) => error);
    expect(first).toBeInstanceOf(RedisUnavailableError);
    expect(tasks.status()).toBe('down');
    const startedAt = performance.now();
    await expect(tasks.ping()).rejects.toThrow(/ECONNREFUSED/);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    await servers.redis.start();
    await eventually(() => tasks.status() === 'ready');
    await createTask(tasks);
    await servers.redis.stop();
    await eventually(() => tasks.status() === 'down');
    await expect(tasks.ping()).rejects.toThrow(RedisUnavailableError);
    await servers.redis.start();
    await eventually(() => tasks.ping().catch(() => 0));
    expect(changes).toEqual(['down', 'ready', 'connecting', 'down', 'ready']);
  });

  it('is a gap of unknown length to a reader, which goes on when Redis is back', async () => {
    const tasks = connectTasks({ commandTimeoutMs: 300 });
    const id = await createTask(tasks);
    await tasks.transition(viewOf(id, 2), eventsOf(id, 2, 2));
    const reader = startReader(tasks, id, { after: '1-0' });
    await reader.reached('2-0');
    await servers.redis.stop();
    await reader.reached('gap 2–?');
    await servers.redis.start();
    await eventually(() => tasks.ping().catch(() => 0));
    await tasks.rebuild(viewOf(id, 3), eventsOf(id, 1, 3));
    await reader.reached('3-0');
    await reader.stop();
    expect(reader.trail().filter((place) => place !== 'gap 2–?')).toEqual(['2-0', '3-0']);
  });

  it('does not keep a Nest app from starting, or from closing', async () => {
    await servers.redis.stop();
    Logger.overrideLogger(false);
    const module = await Test.createTestingModule({
      imports: [RedisTasksModule.forRoot({ url: servers.env.REDIS_URL })],
    }).compile();
    await module.init();
    const tasks = module.get(RedisTasks);
    await expect(tasks.ping()).rejects.toThrow(RedisUnavailableError);
    await servers.redis.start();
    await eventually(() => tasks.ping().catch(() => 0));
    await module.close();
    expect(tasks.status()).toBe('down');
    await expect(tasks.ping()).rejects.toThrow(/was closed/);
    await eventually(async () => {
      const clients = String(await redis.client('LIST'))
        .trim()
        .split('\n');
      return clients.length === 1;
    });
  });
});
