import type { BenchmarkGroup } from './benchmark';

/** All that is measured, in this order. */
export const GROUPS: readonly BenchmarkGroup[] = [];
