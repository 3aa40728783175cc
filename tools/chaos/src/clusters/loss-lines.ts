import { groupBy } from '../check/group-by';
import { findingLines } from '../report/finding-lines';
import { longestGaps } from './gaps';
import type { LossResult } from './run-loss';

/** More findings than that say the same. */
const SHOWN = 10;

/** What was lost and what that did, for people. */
export function lossLines(loss: LossResult): string[] {
  const { what, node, tasks, lines, findings, givenUpCount, lostAt, backAt, restMs } = loss;
  const ends = [...groupBy(tasks, ({ status }) => status)].map(
    ([status, all]) => `${all.length} ${status}`,
  );
  const { acceptedMs, completedMs } = longestGaps(tasks, lostAt, backAt);
  return [
    `${node}, ${what}: ${tasks.length} tasks, ${ends.toSorted().join(', ')}`,
    `  longest time without an accepted task ${seconds(acceptedMs)}, without a stage completed ${seconds(completedMs)}`,
    `  gone for ${seconds(backAt.getTime() - lostAt.getTime())}; at rest ${seconds(restMs)} after the load; ${givenUpCount} messages given up; ${findings.length} findings`,
    ...findings
      .slice(0, SHOWN)
      .flatMap((finding) => findingLines(finding, { tasks, lines, faults: [] })),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
