import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { FAULTS } from '../faults/all';
import type { Hold, PlannedFault } from '../faults/fault';
import type { Rig } from '../rig/rig';
import { Turns } from './turns';

/** What became of a planned fault. */
export interface InjectedFault extends PlannedFault {
  /** When the harm began and when it was undone; null where healing came first. */
  readonly from: Date | null;
  readonly to: Date | null;
  /** Why it could not be done or undone. */
  readonly problem: string | null;
}

/**
 * Makes the faults of a round at their time, any number at once, but no two that need the same thing.
 *
 * @param healing ends them all, and keeps those that have not begun from beginning
 */
export function injectFaults(
  rig: Rig,
  faults: readonly PlannedFault[],
  healing: AbortSignal,
): Promise<InjectedFault[]> {
  const turns = new Turns();
  setMaxListeners(0, healing); // Each hold is one.
  const hold: Hold = (ms) => delay(ms, undefined, { signal: healing }).catch(() => undefined);
  return Promise.all(
    faults.map(async (planned): Promise<InjectedFault> => {
      let from: Date | null = null;
      let problem: string | null = null;
      await hold(planned.atMs);
      await turns
        .take(faultOf(planned).resource ?? planned.target, async () => {
          if (healing.aborted) return;
          from = new Date();
          await faultOf(planned).inject(rig, planned, hold);
        })
        .catch((error: unknown) => (problem = String(error)));
      return { ...planned, from, to: from && new Date(), problem };
    }),
  );
}

function faultOf({ kind }: PlannedFault) {
  const fault = FAULTS.find((each) => each.kind === kind);
  if (!fault) throw new TypeError(`There is no fault ${kind}`);
  return fault;
}
