import type { BenchmarkGroup } from './benchmark';
import { COMPONENT_GROUPS } from './components/groups';
import { SYSTEM_GROUPS } from './systems/groups';
import { STACK_GROUPS } from './stack/groups';

/** All that is measured, in this order. */
export const GROUPS: readonly BenchmarkGroup[] = [...COMPONENT_GROUPS, ...STACK_GROUPS];
