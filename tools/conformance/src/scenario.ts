import type { Scenario as AnyScenario } from '@askflash/scenario-kit';
import type { Bench } from './bench';

/** One thing that an agent owes. */
export type Scenario = AnyScenario<Bench>;

/** What all scenarios share: the agent is at fault, and has to be there. */
export const OF_AGENT = {
  part: 'the agent',
  needs: ['start'],
  timeoutMs: 60_000,
  remedy: 'See docs/other-languages.md for what an agent owes, and look at its log.',
} as const;
