import { installBackbone, startPrivateServers } from '@askflash/testing';
import type { Benchmark, Workbench } from '../benchmark';
import { memoryOf } from './memory-of';
import { startLoaded } from './start-loaded';

const TASKS = 100_000;
const QUICK_TASKS = 1000;
/** As many at a time as a backlog of the systems. */
const PORTION = 5000;

/** The most that servers hold in memory while they do many tasks, having done nothing else. */
export const memory: Benchmark = {
  name: 'servers',
  title:
    'the most that PostgreSQL, Redis and RabbitMQ held during 100,000 tasks of five stages (1,000 in the quick form)',
  durability: 'PostgreSQL commit (fsync) and quorum confirm at every transition',
  figures: [
    { name: 'Redis', unit: 'MB', better: 'lower', target: { atMost: 200 } },
    { name: 'RabbitMQ', unit: 'MB', better: 'lower', target: { atMost: 300 } },
    { name: 'PostgreSQL, growth', unit: 'MB', better: 'lower', target: { atMost: 50 } },
    { name: 'PostgreSQL, growth without buffers', unit: 'MB', better: 'lower' },
  ],
  setUp,
};

async function setUp(bench: Workbench) {
  const servers = await startPrivateServers({ durable: true });
  const env = { ...servers.env, REDIS_KEY_PREFIX: 'bench:' };
  await installBackbone(env);
  const loaded = await startLoaded(bench, 'memory', env);
  const pids = {
    redis: await servers.redis.pid(),
    rabbitmq: await servers.rabbitmq.pid(),
    postgres: await servers.postgres.pid(),
  };
  const atStart = readMemory(pids);
  const total = bench.isQuick ? QUICK_TASKS : TASKS;
  return {
    measure: async () => {
      let most = atStart;
      for (let done = 0; done < total; done += PORTION) {
        await loaded.workOff(Math.min(PORTION, total - done));
        most = larger(most, readMemory(pids));
        bench.say(`${Math.min(done + PORTION, total)} of ${total} tasks`);
      }
      return {
        Redis: most.redis,
        RabbitMQ: most.rabbitmq,
        'PostgreSQL, growth': most.postgres - atStart.postgres,
        'PostgreSQL, growth without buffers': most.backends - atStart.backends,
      };
    },
    close: async () => {
      await loaded.stop();
      await servers.stop();
    },
  };
}

type Memory = Readonly<Record<'redis' | 'rabbitmq' | 'postgres' | 'backends', number>>;

function readMemory({
  redis,
  rabbitmq,
  postgres,
}: Readonly<Record<'redis' | 'rabbitmq' | 'postgres', number>>): Memory {
  return {
    redis: memoryOf([redis]),
    rabbitmq: memoryOf([rabbitmq]),
    postgres: memoryOf([postgres]),
    backends: memoryOf([postgres], { own: true }),
  };
}

function larger(one: Memory, other: Memory): Memory {
  return {
    redis: Math.max(one.redis, other.redis),
    rabbitmq: Math.max(one.rabbitmq, other.rabbitmq),
    postgres: Math.max(one.postgres, other.postgres),
    backends: Math.max(one.backends, other.backends),
  };
}
