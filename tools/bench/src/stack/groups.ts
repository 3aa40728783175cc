import type { BenchmarkGroup } from '../benchmark';
import { idle } from './idle';

/** What the backbone costs as a whole. */
export const STACK_GROUPS: readonly BenchmarkGroup[] = [
  { name: 'idle', title: 'The whole stack without work', isLong: true, benchmarks: [idle] },
];
