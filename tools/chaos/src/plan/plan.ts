import type { TaskTemplate } from '@askflash/dag-templates';
import type { PlannedFault } from '../faults/fault';
import { plannedFaults } from './faults';
import { layoutOf, type Layout } from './layout';
import { sample } from './sample';
import { plannedTasks, type PlannedTask } from './tasks';
import { runTemplates } from './templates';

/** A while of faults under load, after which all is healed and checked. */
export interface RoundPlan {
  readonly round: number;
  readonly seed: number;
  readonly forMs: number;
  readonly tasks: readonly PlannedTask[];
  readonly faults: readonly PlannedFault[];
}

/** All that a run does; the same for the same options. */
export interface Plan {
  readonly seed: number;
  readonly layout: Layout;
  readonly templates: readonly TaskTemplate[];
  readonly rounds: readonly RoundPlan[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Tasks a second. */
  readonly rate: number;
  readonly hasPrevious: boolean;
}

/** What a round takes, healing and checking included, and how long it makes faults. */
const ROUND_MS = 75_000;
const FAULTS_MS = 45_000;

/** Nothing is harmed so early, so that what is right without faults can be told too. */
const CALM_MS = 4_000;

/** A fault begins every so often, and most last for longer. */
const FAULT_EVERY_MS = 1_300;

/** More than so many minutes, and memory is watched too. */
const LONG_MINUTES = 5;

export function makePlan({ seed, minutes, rate, hasPrevious }: PlanOptions): Plan {
  const layout = layoutOf({ isLong: minutes > LONG_MINUTES, hasPrevious });
  const templates = sample(runTemplates, seed);
  const names = templates.map(({ name }) => name);
  const count = Math.max(1, Math.round((minutes * 60_000) / ROUND_MS));
  const forMs = FAULTS_MS;
  const rounds = Array.from({ length: count }, (_none, index): RoundPlan => {
    const round = index + 1;
    const own = seed + round;
    return {
      round,
      seed: own,
      forMs,
      tasks: sample(
        plannedTasks({ round, count: Math.round((forMs / 1000) * rate), forMs, templates: names }),
        own,
      ),
      faults: sample(
        plannedFaults({
          layout,
          count: Math.round((forMs - CALM_MS) / FAULT_EVERY_MS),
          between: [CALM_MS, forMs],
        }),
        own,
      ),
    };
  });
  return { seed, layout, templates, rounds };
}
