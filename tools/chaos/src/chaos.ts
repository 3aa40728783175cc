import { EXIT_CODES } from '@askflash/contracts';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from './check/finding';
import { Memory } from './check/memory';
import { storeTemplates } from './load/store-templates';
import type { Plan } from './plan/plan';
import { Rig } from './rig/rig';
import { Servers } from './rig/servers';
import { forget } from './round/forget';
import { warmUp } from './round/warm-up';
import { runRound, type RoundResult } from './round/run-round';

/** What came of a run. */
export interface ChaosResult {
  readonly rounds: readonly RoundResult[];
  /** Of all rounds, and of the run as a whole. */
  readonly findings: readonly Finding[];
  /** How much each app held, one line each. */
  readonly memory: readonly string[];
  /** What was done and found, ledgers, and what every app said; gone where nothing was found. */
  readonly folder: string;
}

/** What a run has besides its plan. */
export interface ChaosOptions {
  readonly previous: string | undefined;
  /** How long everything may take to come to rest after healing. */
  readonly restMs: number;
  /** Told of each round when it is checked. */
  readonly onRound: (result: RoundResult) => void;
  /** Ends the run early: after the round that is under way. */
  readonly signal: AbortSignal;
}

/** Runs a plan on servers and apps of its own, and stops all of them. */
export async function runChaos(
  plan: Plan,
  { previous, restMs, onRound, signal }: ChaosOptions,
): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-chaos-'));
  const folders = { ledgers: join(folder, 'ledgers'), logs: join(folder, 'logs') };
  for (const path of Object.values(folders)) mkdirSync(path);
  const servers = await Servers.start();
  const memory = new Memory();
  const rounds: RoundResult[] = [];
  let rig: Rig | undefined;
  let isClean = false;
  try {
    rig = await Rig.start(plan.layout, servers, { ...folders, previous });
    await storeTemplates(rig.coordinatorUrls[0] ?? '', plan.templates);
    await warmUp(rig, plan);
    for (const round of plan.rounds) {
      if (signal.aborted) break;
      const result = await runRound(rig, round, restMs);
      rounds.push(result);
      writeFileSync(join(folder, `round-${round.round}.json`), JSON.stringify(result, null, 1));
      onRound(result);
      memory.sample(rig.allProcesses);
      // What a round has broken stays for whoever looks into it.
      if (result.findings.length > 0) break;
      await forget(rig);
    }
    const findings = [
      ...rounds.flatMap((result) => result.findings),
      ...memory.check(),
      ...unaskedEnds(rig),
    ];
    isClean = findings.length === 0;
    return { rounds, findings, memory: memory.lines(), folder };
  } finally {
    await rig?.stop();
    await servers.stop();
    if (isClean) rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends that nobody asked for, but for refusals to start while a server or a queue is missing. */
function unaskedEnds(rig: Rig): Finding[] {
  return rig.allProcesses
    .flatMap((process) => process.unaskedEnds)
    .filter(({ code }) => code !== EXIT_CODES.unavailable.code)
    .map(({ place, at, how }) => {
      return { invariant: 'process', taskId: null, what: `${place}, ${at}: ${how}` };
    });
}
