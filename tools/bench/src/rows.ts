import { formatNumber, withUnit } from './format';
import type { BenchmarkResult, FigureResult, GroupResult } from './results';

/** The columns of every table of figures. */
export const COLUMNS = ['', 'figure', 'median', 'rounds', '× reference', 'target'] as const;

const FAILURE_LENGTH = 100;

export type Row = readonly [string, string, string, string, string, string];

/** The table of a group, one row a figure; what is missing says why. */
export function rowsOf(group: GroupResult): Row[] {
  return group.benchmarks.flatMap((benchmark) => {
    if (benchmark.failure !== undefined) {
      return [
        [benchmark.name, `failed: ${firstLine(benchmark.failure)}`, '', '', '', ''] satisfies Row,
      ];
    }
    return benchmark.figures.map((figure, index) => rowOf(group, benchmark, figure, index));
  });
}

function rowOf(
  group: GroupResult,
  benchmark: BenchmarkResult,
  { name, unit, median, rounds, ratio, target }: FigureResult,
  index: number,
): Row {
  const isReference = group.reference === benchmark.name;
  return [
    index > 0 ? '' : `${benchmark.name}${isReference ? ' (reference)' : ''}`,
    name,
    withUnit(median, unit),
    rounds.length > 1
      ? `${formatNumber(Math.min(...rounds))} – ${formatNumber(Math.max(...rounds))}`
      : '1 round',
    ratio === undefined ? '' : `${formatNumber(ratio)} ×`,
    target ? `${target.isReached ? '✓' : '✗'} ${target.text}` : '',
  ];
}

/** The rest has been told when it happened, and stands in the JSON. */
function firstLine(text: string): string {
  return text.split('\n', 1).join('').slice(0, FAILURE_LENGTH);
}
