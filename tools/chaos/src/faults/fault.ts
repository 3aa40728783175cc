import type { Layout } from '../plan/layout';
import type { PlannedFault } from '../plan/faults';
import type { Rig } from '../rig/rig';

/** Resolves after so long, or as soon as healing begins. */
export type Hold = (ms: number) => Promise<void>;

/** One way to do harm, and how it is made good again. */
export interface Fault {
  readonly kind: string;
  /** What it can be done to, by name. */
  targets(layout: Layout): readonly string[];
  /** How long the harm lasts, in milliseconds: at least, at most. */
  readonly forMs: readonly [number, number];
  /** What it needs for itself while it lasts; its target where not given. */
  readonly resource?: string;
  /** Does the harm, holds it, and undoes it: when it resolves, nothing is left of it. */
  inject(rig: Rig, planned: PlannedFault, hold: Hold): Promise<void>;
}

/** The places whose processes may be harmed. */
export function harmedPlaces({ places }: Layout): string[] {
  return places.filter(({ spared }) => !spared).map(({ name }) => name);
}

/** Of these the agents. */
export function harmedAgents({ places }: Layout): string[] {
  return places
    .filter((place) => !place.spared && place.agent !== undefined)
    .map(({ name }) => name);
}
