import type { ChaosResult } from '../chaos';
import { groupBy } from '../check/group-by';
import type { Plan } from '../plan/plan';

/** The whole of a run, for people. */
export function sumLines(
  { seed }: Plan,
  { rounds, findings, memory, folder }: ChaosResult,
): string[] {
  const faults = rounds.flatMap((round) => round.faults.filter(({ from }) => from !== null));
  const kinds = [...groupBy(faults, ({ kind }) => kind)].map(
    ([kind, all]) => `${kind} ${all.length}`,
  );
  const tasks = rounds.reduce((sum, round) => sum + round.tasks.length, 0);
  const slowest = Math.max(0, ...rounds.map(({ rest }) => rest.afterMs));
  const inNoRound = findings.slice(rounds.flatMap((round) => round.findings).length);
  return [
    '',
    ...memory,
    ...inNoRound.map(({ invariant, what }) => `${invariant}: ${what}`),
    `Seed ${seed}: ${tasks} tasks, ${faults.length} faults in ${rounds.length} rounds (${kinds.toSorted().join(', ')})`,
    `At rest ${(slowest / 1000).toFixed(1)} s after healing at most; ${findings.length} findings`,
    ...(findings.length > 0
      ? [`Replay with --seed ${seed}; ledgers and logs are in ${folder}`]
      : []),
  ];
}
