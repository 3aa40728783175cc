import { groupBy } from '../check/group-by';
import type { RoundResult } from '../round/run-round';
import { findingLines } from './finding-lines';

/** More findings than that say the same. */
const SHOWN = 10;

/** What was done in a round and what was found, for people. */
export function roundLines(result: RoundResult): string[] {
  const { plan, tasks, faults, lines, requestCount, rest, findings, givenUpCount } = result;
  const made = faults.filter(({ from }) => from !== null);
  const kinds = [...groupBy(made, ({ kind }) => kind)].map(
    ([kind, all]) => `${kind} ${all.length}`,
  );
  const ends = [...groupBy(tasks, ({ status }) => status)].map(
    ([status, all]) => `${all.length} ${status}`,
  );
  const begun = lines.filter(({ what }) => what === 'begun').length;
  const attempts = new Set(
    lines.map(({ taskId, stage, attempt }) => `${taskId} ${stage} ${attempt}`),
  );
  return [
    `Round ${plan.round}, seed ${plan.seed}: ${tasks.length} tasks by ${requestCount} requests, ${ends.join(', ')}`,
    `  ${made.length} faults: ${kinds.join(', ') || 'none'}`,
    `  ${attempts.size} attempts, of which ${begun - attempts.size} ran once more; ${givenUpCount} messages given up`,
    `  at rest ${(rest.afterMs / 1000).toFixed(1)} s after healing; ${findings.length} findings`,
    ...findings.slice(0, SHOWN).flatMap((finding) => findingLines(finding, result)),
    ...(findings.length > SHOWN ? [`  … and ${findings.length - SHOWN} more`] : []),
  ];
}
