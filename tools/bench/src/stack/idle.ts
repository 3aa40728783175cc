import { createTestBackbone } from '@askflash/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark, Measurement, Workbench } from '../benchmark';
import { cpuOf } from '../systems/cpu';
import { openCounters, type Counters } from './counters';
import { memoryOf } from './memory-of';
import { startStack, type Stack } from './start-stack';

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
      measure: () => rest(bench, stack, servers, counters, restMs),
      close: async () => {
        await stack.stop();
        await counters.close();
        await backbone.remove();
      },
    };
  },
};

async function rest(
  bench: Workbench,
  { apps }: Stack,
  servers: Readonly<Record<'PostgreSQL' | 'Redis' | 'RabbitMQ', number>>,
  counters: Counters,
  restMs: number,
): Promise<Measurement> {
  const all = [...apps, ...Object.entries(servers).map(([role, pid]) => ({ role, pid }))];
  const read = async () => ({
    at: performance.now(),
    cpu: new Map(all.map(({ role, pid }) => [role, cpuOf([pid])])),
    ...(await counters.read()),
  });
  const before = await read();
  await delay(restMs);
  const after = await read();
  const elapsedMs = after.at - before.at;
  const percent = (role: string) =>
    (((after.cpu.get(role) ?? 0) - (before.cpu.get(role) ?? 0)) / elapsedMs) * 100;
  const perMinute = (counter: 'transactions' | 'commands') =>
    ((after[counter] - before[counter]) / elapsedMs) * 60_000;
  bench.say(`CPU %: ${all.map(({ role }) => `${role} ${percent(role).toFixed(2)}`).join(', ')}`);
  return {
    'CPU of the apps': apps.reduce((sum, { role }) => sum + percent(role), 0),
    'CPU of PostgreSQL': percent('PostgreSQL'),
    'CPU of Redis': percent('Redis'),
    'CPU of RabbitMQ': percent('RabbitMQ'),
    transactions: perMinute('transactions'),
    'Redis commands': perMinute('commands'),
    'memory of the apps': memoryOf(apps.map(({ pid }) => pid)),
  };
}
