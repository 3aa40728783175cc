import type { Scenario as AnyScenario } from '@askflash/scenario-kit';
import type { Stack } from './stack';

/** One thing of the stack that has to work. */
export type Scenario = AnyScenario<Stack>;
