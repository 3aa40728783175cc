import type { ClusterNode } from '@askflash/testing';
import { setTimeout as delay } from 'node:timers/promises';
import { check, type Checked } from '../check/check';
import type { Finding } from '../check/finding';
import { Client } from '../load/client';
import type { PlannedTask } from '../plan/tasks';
import { forget } from '../round/forget';
import { comeToRest } from '../round/rest';
import type { ClusterRig } from './cluster-rig';
import type { ClusterServers } from './cluster-servers';

/** Load runs so long before the loss. */
export const BEFORE_MS = 3_000;

/** So long the node is gone: longer than Redis takes to make another master. */
export const LOST_MS = 12_000;

/** What is going on when a node is lost. */
export interface LossLoad {
  readonly tasks: readonly PlannedTask[];
  /** Everything has to be over so long after the node is back and the load has ended. */
  readonly restMs: number;
}

/** What came of one loss. */
export interface LossResult extends Checked {
  readonly what: string;
  readonly node: string;
  readonly lostAt: Date;
  readonly backAt: Date;
  /** How long that took. */
  readonly restMs: number;
}

/**
 * Loses one node under load, brings it back, and checks everything at rest:
 *
 * ```
 * load ──► load, a node is gone ──► load, it comes back ──► coming to rest ──► checks
 * ```
 */
export async function runLoss(
  { servers, rig }: { readonly servers: ClusterServers; readonly rig: ClusterRig },
  { what, node }: { readonly what: string; readonly node: ClusterNode },
  { tasks, restMs }: LossLoad,
): Promise<LossResult> {
  const client = new Client(rig.coordinatorUrls);
  const tooLate = new AbortController();
  const load = Promise.all(
    tasks.map(async (task) => {
      await delay(task.atMs);
      await client.handIn(task, tooLate.signal);
    }),
  );
  await delay(BEFORE_MS);
  const lostAt = new Date();
  await node.kill();
  await delay(LOST_MS);
  await node.rejoin();
  const backAt = new Date();
  const giveUp = setTimeout(() => tooLate.abort(), restMs);
  await load;
  clearTimeout(giveUp);
  await rig.becomeReady();
  const env = await servers.envOfOneEach();
  const { busy, afterMs } = await comeToRest({ env }, restMs);
  const checked = await check({
    rig: { env, coordinatorUrls: rig.coordinatorUrls, folders: rig.folders },
    client,
    asked: tasks.map(({ key }) => key),
    wasCalm: (_from, to) => to < lostAt,
  });
  const unrest: Finding[] =
    busy === null ? [] : [{ invariant: 'I7', taskId: null, what: `after ${restMs} ms ${busy}` }];
  const findings = [...unrest, ...checked.findings];
  // What a loss has broken stays for whoever looks into it.
  if (findings.length === 0) await forget({ env, folders: rig.folders });
  return { ...checked, findings, what, node: node.name, lostAt, backAt, restMs: afterMs };
}
