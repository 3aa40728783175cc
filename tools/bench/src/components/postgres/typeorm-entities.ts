import { writeTransitions } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import type { Benchmark, Measurement } from '../../benchmark';
import { percentile } from '../../statistics';
import { WorkUndoneError } from '../../systems/errors';
import { repeatFor, timed } from '../load';
import { BATCH_ROWS, CONNECTIONS, createBenchDatabase, newTask } from './database';

/** The library that stores tasks, through the functions that the coordinator calls. */
export const typeormEntities: Benchmark = {
  name: 'typeorm-entities',
  title: `typeorm-entities, writeTransitions on ${CONNECTIONS} connections, one task or ${BATCH_ROWS} a transaction`,
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
      warmUp: async () => void (await measureInserts(dataSource, 1000)),
      measure: () => measureInserts(dataSource, bench.isQuick ? 1500 : 5000),
      close: drop,
    };
  },
};

async function measureInserts(dataSource: DataSource, forMs: number): Promise<Measurement> {
  const times: number[] = [];
  const single = await repeatFor(forMs, CONNECTIONS, () =>
    timed(times, () => insert(dataSource, 1)),
  );
  const batches = await repeatFor(forMs, CONNECTIONS, () => insert(dataSource, BATCH_ROWS));
  return {
    'inserts/s': single.count / single.seconds,
    'insert p99': percentile(times, 99),
    'rows/s in batches': (batches.count * BATCH_ROWS) / batches.seconds,
  };
}

async function insert(dataSource: DataSource, rows: number): Promise<void> {
  const tasks = Array.from({ length: rows }, newTask);
  const { created } = await writeTransitions(dataSource, { created: tasks });
  if (created.size !== rows)
    throw new WorkUndoneError(`${created.size} of ${rows} rows were inserted`);
}
