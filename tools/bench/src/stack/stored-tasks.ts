import { createTestBackbone } from '@askflash/testing';
import { createDataSource } from '@askflash/typeorm-entities';
import type { Benchmark, Workbench } from '../benchmark';
import { formatNumber } from '../format';
import { TEMPLATE } from '../systems/backbone/backbone';
import { cpuOf } from '../systems/cpu';
import { startLoaded, type LoadedBackbone } from './start-loaded';
import { storeTasks } from './store-tasks';

const WARM_UP_TASKS = 1000;
const TASKS = 3000;
const QUICK_TASKS = 300;

/** What a task costs where so many are stored already. */
export function storedTasks(count: number): Benchmark {
  return {
    name: `stored-${count}`,
    title: `the backbone with ${formatNumber(count)} ended tasks in its database, each with 12 events and 5 attempts`,
    durability: 'PostgreSQL commit (fsync) and quorum confirm at every transition',
    figures: [
      { name: 'tasks', unit: '/s', better: 'higher' },
      { name: 'CPU of PostgreSQL a task', unit: 'ms', better: 'lower' },
      { name: 'CPU of the coordinator a task', unit: 'ms', better: 'lower' },
    ],
    setUp: (bench) => setUp(bench, count),
  };
}

async function setUp(bench: Workbench, count: number) {
  const { postgres } = await bench.servers();
  const postgresPid = await postgres.pid();
  const backbone = await createTestBackbone();
  const dataSource = createDataSource({
    url: backbone.env.DATABASE_URL,
    applicationName: 'bench',
    statementTimeoutMs: 0,
  });
  await dataSource.initialize();
  await storeTasks(dataSource, TEMPLATE, count);
  await dataSource.destroy();
  return {
    // Started for the round and stopped after it: the others are not to poll meanwhile.
    measure: async () => {
      const loaded = await startLoaded(bench, `stored-${count}`, backbone.env);
      try {
        return await measure(loaded, postgresPid, bench.isQuick ? QUICK_TASKS : TASKS);
      } finally {
        await loaded.stop();
      }
    },
    close: () => backbone.remove(),
  };
}

async function measure(loaded: LoadedBackbone, postgresPid: number, tasks: number) {
  await loaded.workOff(WARM_UP_TASKS);
  const readCpu = () => [cpuOf([postgresPid]), cpuOf([loaded.coordinatorPid])] as const;
  const before = readCpu();
  const { workedOffMs } = await loaded.workOff(tasks);
  const after = readCpu();
  return {
    tasks: (tasks * 1000) / workedOffMs,
    'CPU of PostgreSQL a task': (after[0] - before[0]) / tasks,
    'CPU of the coordinator a task': (after[1] - before[1]) / tasks,
  };
}
