import type { Layout } from '../plan/layout';
import type { Rig } from '../rig/rig';

/** A fault that is going to be made. */
export interface PlannedFault {
  readonly kind: string;
  readonly target: string;
  /** When, from the start of its round. */
  readonly atMs: number;
  /** How long it is held, unless healing comes first. */
  readonly forMs: number;
  /** For what else it decides by chance. */
  readonly seed: number;
}

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
