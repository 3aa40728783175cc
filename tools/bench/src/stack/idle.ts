import { createTestBackbone } from '@askflash/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark, Measurement } from '../benchmark';
import { cpuOf } from '../systems/cpu';
import { openCounters, type Counters } from './counters';
import { memoryOf } from './memory-of';
import { startStack } from './start-stack';

/** Time in which nothing is asked of the stack. */
const REST_MS = 60_000;
const QUICK_REST_MS = 10_000;

/** What the whole stack costs while nobody asks anything. */
export const idle: Benchmark = {
  name: 'stack',
  title: 'coordinator, health-monitor and the five agents, as built, with their servers',
  durability: 'as in operation',
  figures: [
    { name: 'CPU of the apps', unit: '% of a core', better: 'lower' },
    { name: 'CPU of PostgreSQL', unit: '% of a core', better: 'lower' },
    { name: 'CPU of Redis', unit: '% of a core', better: 'lower' },
    { name: 'CPU of RabbitMQ', unit: '% of a core', better: 'lower' },
    { name: 'transactions', unit: '/min', better: 'lower' },
    { name: 'Redis commands', unit: '/min', better: 'lower' },
    { name: 'memory of the apps', unit: 'MB', better: 'lower' },
  ],
  setUp: async (bench) => {
    const { postgres, redis, rabbitmq } = await bench.servers();
    const servers = {
      PostgreSQL: await postgres.pid(),
      Redis: await redis.pid(),
      RabbitMQ: await rabbitmq.pid(),
    };
    const backbone = await createTestBackbone();
    const stack = await startStack(bench, backbone.env);
    const counters = await openCounters(backbone.env);
    const restMs = bench.isQuick ? QUICK_REST_MS : REST_MS;
    return {
      // What is done once after a start is no cost of idling.
      warmUp: () => delay(restMs / 2),
      measure: () => rest(stack.pids, servers, counters, restMs),
      close: async () => {
        await stack.stop();
        await counters.close();
        await backbone.remove();
      },
    };
  },
};

async function rest(
  pids: readonly number[],
  servers: Readonly<Record<'PostgreSQL' | 'Redis' | 'RabbitMQ', number>>,
  counters: Counters,
  restMs: number,
): Promise<Measurement> {
  const read = async () => ({
    at: performance.now(),
    apps: cpuOf(pids),
    postgres: cpuOf([servers.PostgreSQL]),
    redis: cpuOf([servers.Redis]),
    rabbitmq: cpuOf([servers.RabbitMQ]),
    ...(await counters.read()),
  });
  const before = await read();
  await delay(restMs);
  const after = await read();
  const elapsedMs = after.at - before.at;
  const percent = (part: 'apps' | 'postgres' | 'redis' | 'rabbitmq') =>
    ((after[part] - before[part]) / elapsedMs) * 100;
  const perMinute = (counter: 'transactions' | 'commands') =>
    ((after[counter] - before[counter]) / elapsedMs) * 60_000;
  return {
    'CPU of the apps': percent('apps'),
    'CPU of PostgreSQL': percent('postgres'),
    'CPU of Redis': percent('redis'),
    'CPU of RabbitMQ': percent('rabbitmq'),
    transactions: perMinute('transactions'),
    'Redis commands': perMinute('commands'),
    'memory of the apps': memoryOf(pids),
  };
}
