import { installBackbone } from '@askflash/testing';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../check/finding';
import { ChaosRigBrokenError } from '../errors';
import { storeTemplates } from '../load/store-templates';
import { sample } from '../plan/sample';
import { plannedTasks } from '../plan/tasks';
import { runTemplates } from '../plan/templates';
import { ClusterRig } from './cluster-rig';
import { ClusterServers } from './cluster-servers';
import { plannedLosses } from './losses';
import { BEFORE_MS, LOST_MS, runLoss, type LossResult } from './run-loss';

/** Load goes on for so long after a node begins to come back. */
const AFTER_MS = 5_000;

export interface LossesOptions {
  readonly seed: number;
  /** Tasks a second. */
  readonly rate: number;
  /** How long everything may take to come to rest after a loss. */
  readonly restMs: number;
  /** Told of each loss when it is checked. */
  readonly onLoss: (loss: LossResult) => void;
  /** Ends the run early: after the loss that is under way. */
  readonly signal: AbortSignal;
}

/** What came of all losses. */
export interface LossesResult {
  readonly findings: readonly Finding[];
  /** Ledgers of the last loss, and what every app said; gone where nothing was found. */
  readonly folder: string;
}

/** Loses every node of the clusters in turn, under load, and stops all that it started. */
export async function runLosses(options: LossesOptions): Promise<LossesResult> {
  const { seed, rate, restMs, onLoss, signal } = options;
  const folder = mkdtempSync(join(tmpdir(), 'askflash-losses-'));
  const folders = { ledgers: join(folder, 'ledgers'), logs: join(folder, 'logs') };
  for (const path of Object.values(folders)) mkdirSync(path);
  const servers = await ClusterServers.start();
  let findings: readonly Finding[] = [];
  let rig: ClusterRig | undefined;
  try {
    await installBackbone(servers.env);
    rig = await ClusterRig.start(servers.env, folders);
    const templates = sample(runTemplates, seed);
    await storeTemplates(rig.coordinatorUrls[0] ?? '', templates);
    const names = templates.map(({ name }) => name);
    const forMs = BEFORE_MS + LOST_MS + AFTER_MS;
    const count = Math.round((forMs / 1_000) * rate);
    for (const [index, { what, choose }] of plannedLosses(seed).entries()) {
      if (signal.aborted || findings.length > 0) break;
      const node = await choose(servers);
      if (!node) throw new ChaosRigBrokenError(`There is no ${what} to lose`);
      const round = index + 1;
      const tasks = sample(plannedTasks({ round, count, forMs, templates: names }), seed + round);
      const loss = await runLoss({ servers, rig }, { what, node }, { tasks, restMs });
      onLoss(loss);
      findings = loss.findings;
    }
    findings = [...findings, ...unaskedEnds(rig)];
    return { findings, folder };
  } finally {
    await rig?.stop();
    await servers.stop();
    if (findings.length === 0) rmSync(folder, { recursive: true, force: true });
  }
}

/** No app ends because a node does. */
function unaskedEnds(rig: ClusterRig): Finding[] {
  return rig.processes
    .flatMap((process) => process.unaskedEnds)
    .map(({ place, at, how }) => ({
      invariant: 'process',
      taskId: null,
      what: `${place}, ${at}: ${how}`,
    }));
}
