import type { BenchmarkGroup } from './benchmark';
import { COMPONENT_GROUPS } from './components/groups';

/** All that is measured, in this order. */
export const GROUPS: readonly BenchmarkGroup[] = [...COMPONENT_GROUPS];
