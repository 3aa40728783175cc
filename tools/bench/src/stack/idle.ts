import { AGENTS } from '@askflash/contracts';
import { createTestBackbone, eventually, freePort, type TestBackbone } from '@askflash/testing';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark, Measurement, Workbench } from '../benchmark';
import { cpuOf } from '../systems/cpu';
import { Program } from '../systems/program';
import { openCounters, type Counters } from './counters';
import { memoryOf } from './memory-of';

/** Time in which nothing is asked of the stack. */
const REST_MS = 60_000;
const QUICK_REST_MS = 10_000;

const READY_WITHIN_MS = 120_000;

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
    const apps = await startApps(bench, backbone);
    const counters = await openCounters(backbone.env);
    const restMs = bench.isQuick ? QUICK_REST_MS : REST_MS;
    return {
      // What is done once after a start is no cost of idling.
      warmUp: () => delay(restMs / 2),
      measure: () => rest(apps, servers, counters, restMs),
      close: async () => {
        await Promise.all(apps.map((app) => app.stop()));
        await counters.close();
        await backbone.remove();
      },
    };
  },
};

async function startApps(bench: Workbench, { env }: TestBackbone): Promise<Program[]> {
  const start = async (app: string, variable: string): Promise<Program> => {
    const port = await freePort();
    const program = Program.start({
      role: app,
      args: ['--enable-source-maps', `dist/apps/${app}/main.js`],
      env: { ...env, LOG_LEVEL: 'warn', ASKFLASH_STACK_FILE: '', [variable]: String(port) },
      logFile: join(bench.folder, `idle-${app.replace('/', '-')}.log`),
    });
    await eventually(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok, {
      timeoutMs: READY_WITHIN_MS,
      what: `${app} to be ready`,
    });
    return program;
  };
  const agents = AGENTS.map(({ name }) => start(`agents/${name}`, 'AGENT_PORT'));
  return Promise.all([
    start('coordinator', 'COORDINATOR_PORT'),
    start('health-monitor', 'HEALTH_MONITOR_PORT'),
    ...agents,
  ]);
}

async function rest(
  apps: readonly Program[],
  servers: Readonly<Record<'PostgreSQL' | 'Redis' | 'RabbitMQ', number>>,
  counters: Counters,
  restMs: number,
): Promise<Measurement> {
  const pids = apps.map(({ pid }) => pid);
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
