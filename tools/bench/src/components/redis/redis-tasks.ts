import { connectRedisTasks } from '@askflash/redis-tasks';
import { createTestKeyPrefix } from '@askflash/testing';
import type { Benchmark } from '../../benchmark';
import { percentile } from '../../statistics';
import { repeatFor } from '../load';
import { OPERATIONS_A_LIFE, liveOnce } from './task-life';

/** Tasks alive at once. */
const WIDTH = 32;

/** The live view of tasks: create, transition, progress and read, as apps call them. */
export const redisTasks: Benchmark = {
  name: 'redis-tasks',
  title: `redis-tasks, one connection, ${WIDTH} tasks at once: 1 create, 5 transitions, 10 progress, 5 reads each`,
  durability: 'Redis AOF everysec',
  figures: [
    { name: 'operations/s', unit: '/s', better: 'higher', target: { atLeast: 10_000 } },
    { name: 'create p50', unit: 'ms', better: 'lower' },
    { name: 'create p99', unit: 'ms', better: 'lower', target: { atMost: 10 } },
  ],
  setUp: async (bench) => {
    const { env } = await bench.servers();
    const keys = createTestKeyPrefix();
    const tasks = connectRedisTasks({ url: env.REDIS_URL, keyPrefix: keys.prefix });
    return {
      warmUp: async () => void (await repeatFor(1500, WIDTH, () => liveOnce(tasks, []))),
      measure: async () => {
        const times: number[] = [];
        const forMs = bench.isQuick ? 1500 : 5000;
        const { count, seconds } = await repeatFor(forMs, WIDTH, () => liveOnce(tasks, times));
        return {
          'operations/s': (count * OPERATIONS_A_LIFE) / seconds,
          'create p50': percentile(times, 50),
          'create p99': percentile(times, 99),
        };
      },
      close: async () => {
        await tasks.close();
        await keys.clear();
      },
    };
  },
};
