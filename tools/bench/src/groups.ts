import type { BenchmarkGroup } from './benchmark';
import { COMPONENT_GROUPS } from './components/groups';
import { STACK_GROUPS } from './stack/groups';
import { SYSTEM_GROUPS } from './systems/groups';

/** All that is measured, in this order. */
export const GROUPS: readonly BenchmarkGroup[] = [
  ...COMPONENT_GROUPS,
  ...SYSTEM_GROUPS,
  ...STACK_GROUPS,
];
