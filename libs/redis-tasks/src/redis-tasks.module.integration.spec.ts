import { createTestKeyPrefix, eventually, testServers } from '@askflash/testing';
import { Injectable, Logger, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { eventsOf, newTaskId, viewOf } from '../test/tasks';
import { RedisUnavailableError } from './errors';
import { RedisTasks, connectRedisTasks } from './redis-tasks';
import { RedisTasksModule } from './redis-tasks.module';
import type { RedisStatus } from './types';

@Injectable()
class Service {
  constructor(readonly tasks: RedisTasks) {}
}

@Module({ providers: [Service], exports: [Service] })
class FeatureModule {}

const keys = createTestKeyPrefix();

async function startApp() {
  const module = await Test.createTestingModule({
    imports: [
      RedisTasksModule.forRoot({ url: testServers().REDIS_URL, keyPrefix: keys.prefix }),
      FeatureModule,
    ],
  }).compile();
  return module.init();
}

beforeAll(() => Logger.overrideLogger(false));
afterAll(() => keys.clear());

describe('RedisTasksModule', () => {
  it('gives RedisTasks to every module of the app', async () => {
    const app = await startApp();
    const { tasks } = app.get(Service, { strict: false });
    const id = newTaskId();
    expect(await tasks.create(viewOf(id, 1), eventsOf(id, 1, 1))).toBe('created');
    await app.close();
    await expect(tasks.read(id)).rejects.toThrow(RedisUnavailableError);
  });

  it('lets one app go on where another of the same process closes', async () => {
    const [first, second] = await Promise.all([startApp(), startApp()]);
    await first.close();
    expect(await second.get(RedisTasks).ping()).toBeGreaterThan(0);
    await second.close();
    await expect(second.get(RedisTasks).ping()).rejects.toThrow(RedisUnavailableError);
  });
});

describe('a wrong password', () => {
  it('is a Redis that is down, with a reason that does not give it away', async () => {
    const url = new URL(testServers().REDIS_URL);
    url.password = 'hunter2';
    const reasons: (RedisStatus | string | undefined)[] = [];
    const tasks = connectRedisTasks({
      url: url.href,
      onStatusChange: (...change) => reasons.push(...change),
    });
    await eventually(() => tasks.status() === 'down');
    const error = await tasks.ping().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RedisUnavailableError);
    expect(String(error)).toContain('WRONGPASS');
    expect(`${String(error)} ${JSON.stringify(error)} ${reasons.join(' ')}`).not.toContain(
      'hunter2',
    );
    await tasks.close();
  });
});
