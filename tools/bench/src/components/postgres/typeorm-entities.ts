import { insertTasks } from '@askflash/typeorm-entities';
import type { EntityManager } from 'typeorm';
import type { Benchmark, Measurement } from '../../benchmark';
import { percentile } from '../../statistics';
import { WorkUndoneError } from '../../systems/errors';
import { repeatFor, timed } from '../load';
import { BATCH_ROWS, CONNECTIONS, createBenchDatabase, newTask } from './database';

/** The library that stores tasks, through the functions that the coordinator calls. */
export const typeormEntities: Benchmark = {
  name: 'typeorm-entities',
  title: `typeorm-entities, insertTasks on ${CONNECTIONS} connections, one task or ${BATCH_ROWS} a transaction`,
  durability: 'committed, fsync',
  figures: [
    { name: 'inserts/s', unit: '/s', better: 'higher', target: { atLeast: 500 } },
    { name: 'insert p99', unit: 'ms', better: 'lower', target: { atMost: 50 } },
    { name: 'rows/s in batches', unit: '/s', better: 'higher', target: { atLeast: 10_000 } },
  ],
  setUp: async (bench) => {
    await bench.servers();
    const { dataSource, drop } = await createBenchDatabase();
    return {
      warmUp: async () => void (await measureInserts(dataSource.manager, 1000)),
      measure: () => measureInserts(dataSource.manager, bench.isQuick ? 1500 : 5000),
      close: drop,
    };
  },
};

async function measureInserts(manager: EntityManager, forMs: number): Promise<Measurement> {
  const times: number[] = [];
  const single = await repeatFor(forMs, CONNECTIONS, () => timed(times, () => insert(manager, 1)));
  const batches = await repeatFor(forMs, CONNECTIONS, () => insert(manager, BATCH_ROWS));
  return {
    'inserts/s': single.count / single.seconds,
    'insert p99': percentile(times, 99),
    'rows/s in batches': (batches.count * BATCH_ROWS) / batches.seconds,
  };
}

async function insert(manager: EntityManager, rows: number): Promise<void> {
  const tasks = Array.from({ length: rows }, newTask);
  const { size } = await insertTasks(manager, tasks);
  if (size !== rows) throw new WorkUndoneError(`${size} of ${rows} rows were inserted`);
}
