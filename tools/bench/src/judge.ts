import type { BenchmarkGroup, FigureSpec, Target } from './benchmark';
import { formatNumber } from './format';
import type { BenchmarkResult, FigureResult } from './results';
import { median } from './statistics';

/** What the rounds of one benchmark gave: figures by name, or why there are none. */
export interface Rounds {
  readonly name: string;
  readonly figures: ReadonlyMap<string, readonly number[]>;
  readonly failure?: string;
}

/** Medians, ratios to the group's reference, and whether targets are reached. */
export function judge(group: BenchmarkGroup, measured: readonly Rounds[]): BenchmarkResult[] {
  const medianOf = (benchmark: string | undefined, figure: string): number | undefined => {
    const rounds = measured.find(({ name }) => name === benchmark)?.figures.get(figure);
    return rounds && median(rounds);
  };

  const judgeFigure = (owner: string, spec: FigureSpec, rounds: number[]): FigureResult => {
    const { name, unit, better } = spec;
    const value = median(rounds);
    const reference = group.reference === owner ? undefined : medianOf(group.reference, name);
    const target = spec.target && judgeTarget(spec.target, value, (of) => medianOf(of, name));
    return {
      name,
      unit,
      better,
      rounds,
      median: value,
      ...(reference ? { ratio: value / reference } : {}),
      ...(target ? { target } : {}),
    };
  };

  return measured.flatMap(({ name, figures, failure }) => {
    const benchmark = group.benchmarks.find((candidate) => candidate.name === name);
    if (!benchmark) return [];
    const { title, durability } = benchmark;
    return {
      name,
      title,
      durability,
      figures: benchmark.figures.flatMap((spec) => {
        const rounds = figures.get(spec.name);
        return rounds ? judgeFigure(name, spec, [...rounds]) : [];
      }),
      ...(failure === undefined ? {} : { failure }),
    };
  });
}

/** What it is compared with and was not measured counts for nothing; undefined where that is all. */
function judgeTarget(
  target: Target,
  value: number,
  valueOf: (benchmark: string) => number | undefined,
): FigureResult['target'] {
  if ('atLeast' in target) {
    return { text: `≥ ${formatNumber(target.atLeast)}`, isReached: value >= target.atLeast };
  }
  if ('atMost' in target) {
    return { text: `≤ ${formatNumber(target.atMost)}`, isReached: value <= target.atMost };
  }
  const others = Object.entries(target.atLeastTimes).flatMap(([name, times]) => {
    const other = valueOf(name);
    return other === undefined ? [] : { name, times, isReached: value >= times * other };
  });
  if (others.length === 0) return undefined;
  return {
    text: others.map(({ name, times }) => `≥ ${formatNumber(times)} × ${name}`).join(', '),
    isReached: others.every(({ isReached }) => isReached),
  };
}
