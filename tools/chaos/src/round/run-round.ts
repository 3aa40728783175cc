import { setTimeout as delay } from 'node:timers/promises';
import { check, type Checked } from '../check/check';
import { checkConnections } from '../check/connections';
import type { Finding } from '../check/finding';
import { Client } from '../load/client';
import type { RoundPlan } from '../plan/plan';
import type { Rig } from '../rig/rig';
import { heal } from './heal';
import { injectFaults, type InjectedFault } from './inject-faults';
import { comeToRest, type Rest } from './rest';

/** What a fault does may still show so long after it was undone. */
const AFTERMATH_MS = 15_000;

/** A round and what came of it. */
export interface RoundResult extends Checked {
  readonly plan: RoundPlan;
  readonly faults: readonly InjectedFault[];
  readonly requestCount: number;
  readonly rest: Rest;
}

/**
 * Harms the rig under load, heals it, and checks everything once it has come to rest:
 *
 * ```
 * calm ──► faults and load ──► healing ──► coming to rest ──► checks
 * ```
 *
 * @param restMs everything has to be over so long after the last fault was undone
 */
export async function runRound(rig: Rig, plan: RoundPlan, restMs: number): Promise<RoundResult> {
  const client = new Client(rig.coordinatorUrls);
  const healing = new AbortController();
  const tooLate = new AbortController();
  const load = Promise.all(
    plan.tasks.map(async (task) => {
      await delay(task.atMs);
      await client.handIn(task, tooLate.signal);
    }),
  );
  const injecting = injectFaults(rig, plan.faults, healing.signal);
  await delay(plan.forMs);
  healing.abort();
  const faults = await injecting;
  const sick = await heal(rig).then(
    () => null,
    (error: unknown) => String(error),
  );
  const start = performance.now();
  const giveUp = setTimeout(() => tooLate.abort(), restMs);
  await load;
  clearTimeout(giveUp);
  const rest = await comeToRest(rig, Math.max(1_000, restMs - (performance.now() - start)));
  const afterMs = performance.now() - start;
  const checked = await check({
    rig,
    client,
    asked: plan.tasks.map(({ key }) => key),
    wasCalm: (from, to) => faults.every((fault) => !touches(fault, from, to)),
  });
  return {
    ...checked,
    findings: [
      ...unhealed(sick),
      ...restFindings(rest, restMs),
      ...checked.findings,
      ...(await checkConnections(rig)),
      ...problems(faults),
    ],
    plan,
    faults,
    requestCount: client.requestCount,
    rest: { ...rest, afterMs },
  };
}

function touches({ from, to }: InjectedFault, since: Date, until: Date): boolean {
  if (!from || !to) return false;
  return from <= until && to.getTime() + AFTERMATH_MS >= since.getTime();
}

function unhealed(sick: string | null): Finding[] {
  return sick === null
    ? []
    : [{ invariant: 'I9', taskId: null, what: `it does not heal: ${sick}` }];
}

function restFindings({ busy }: Rest, restMs: number): Finding[] {
  if (busy === null) return [];
  return [{ invariant: 'I7', taskId: null, what: `${restMs / 1000} s after healing ${busy}` }];
}

/** A fault that cannot be made is a fault of this tool. */
function problems(faults: readonly InjectedFault[]): Finding[] {
  return faults
    .filter(({ problem }) => problem !== null)
    .map(({ kind, target, problem }) => {
      return {
        invariant: 'process',
        taskId: null,
        what: `${kind} of ${target} failed: ${problem}`,
      };
    });
}
