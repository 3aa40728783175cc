import type { BenchmarkGroup } from '../benchmark';
import { idle } from './idle';
import { memory } from './memory';
import { storedTasks } from './stored-tasks';

const FEW = storedTasks(1000);

/** What the backbone costs as a whole. */
export const STACK_GROUPS: readonly BenchmarkGroup[] = [
  {
    name: 'stored-tasks',
    title: 'The cost of a task against the number of tasks stored',
    reference: FEW.name,
    isLong: true,
    benchmarks: [FEW, storedTasks(100_000), storedTasks(1_000_000)],
  },
  { name: 'idle', title: 'The whole stack without work', isLong: true, benchmarks: [idle] },
  {
    name: 'memory',
    title: 'Memory of the servers after 100,000 tasks',
    isLong: true,
    isOnce: true,
    benchmarks: [memory],
  },
];
