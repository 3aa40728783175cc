import { installBackbone, startPrivateServers } from '@askflash/testing';
import type { Benchmark, Workbench } from '../benchmark';
import { memoryOf } from './memory-of';
import { startLoaded } from './start-loaded';

const TASKS = 100_000;
const QUICK_TASKS = 1000;
/** As many at a time as a backlog of the systems. */
const PORTION = 5000;

/** What the servers hold in memory after many tasks, on servers that have done nothing else. */
export const memory: Benchmark = {
  name: 'servers',
  title:
    'PostgreSQL, Redis and RabbitMQ after 100,000 tasks of five stages (1,000 in the quick form)',
  durability: 'PostgreSQL commit (fsync) and quorum confirm at every transition',
  figures: [
    { name: 'Redis', unit: 'MB', better: 'lower', target: { atMost: 200 } },
    { name: 'RabbitMQ', unit: 'MB', better: 'lower', target: { atMost: 300 } },
    { name: 'PostgreSQL, growth', unit: 'MB', better: 'lower', target: { atMost: 50 } },
  ],
  setUp,
};

async function setUp(bench: Workbench) {
  const servers = await startPrivateServers({ durable: true });
  const env = { ...servers.env, REDIS_KEY_PREFIX: 'bench:' };
  await installBackbone(env);
  const loaded = await startLoaded(bench, 'memory', env);
  const [redis, rabbitmq, postgres] = await Promise.all(
    [servers.redis, servers.rabbitmq, servers.postgres].map((server) => server.pid()),
  );
  const before = memoryOf([postgres ?? 0]);
  const total = bench.isQuick ? QUICK_TASKS : TASKS;
  return {
    measure: async () => {
      for (let done = 0; done < total; done += PORTION) {
        await loaded.workOff(Math.min(PORTION, total - done));
        bench.say(`${Math.min(done + PORTION, total)} of ${total} tasks`);
      }
      return {
        Redis: memoryOf([redis ?? 0]),
        RabbitMQ: memoryOf([rabbitmq ?? 0]),
        'PostgreSQL, growth': memoryOf([postgres ?? 0]) - before,
      };
    },
    close: async () => {
      await loaded.stop();
      await servers.stop();
    },
  };
}
