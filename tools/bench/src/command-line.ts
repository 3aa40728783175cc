import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { BenchmarkGroup } from './benchmark';
import { BenchUsageError } from './errors';

/** What is measured, and how thoroughly. */
export interface CommandLine {
  /** Short rounds; figures that take minutes are left out. */
  readonly isQuick: boolean;
  readonly rounds: number;
  /** Names of groups, or `group/benchmark`; empty for all. */
  readonly only: readonly string[];
  /** Whether the tables of docs/benchmarks.md are made of what was measured. */
  readonly writeDocs: boolean;
}

const FULL_ROUNDS = 3;

/**
 * Reads the arguments of `npm run bench`.
 *
 * @throws {BenchUsageError} where one is not known
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { quick, rounds, only, 'write-docs': writeDocs } = parse(args);
  const count = z.coerce
    .number()
    .int()
    .min(1)
    .safeParse(rounds ?? (quick ? 1 : FULL_ROUNDS));
  if (!count.success) throw new BenchUsageError('--rounds takes a number, 1 or more');
  if (writeDocs && only.some((name) => name.includes('/'))) {
    throw new BenchUsageError('--write-docs takes whole groups: a table is of one run');
  }
  return { isQuick: quick, rounds: count.data, only, writeDocs };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        only: { type: 'string', multiple: true, default: [] },
        'write-docs': { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (cause) {
    throw new BenchUsageError('The arguments are not known', { cause });
  }
}

/**
 * The groups to measure, each with the benchmarks to measure. What takes minutes is left out of the
 * quick form, unless it is asked for by name.
 *
 * @throws {BenchUsageError} where a name is of no group and no benchmark
 */
export function selectGroups(
  groups: readonly BenchmarkGroup[],
  { isQuick, only }: Pick<CommandLine, 'isQuick' | 'only'>,
): BenchmarkGroup[] {
  if (only.length === 0) return groups.filter(({ isLong }) => !(isLong && isQuick));
  const names = groups.flatMap(({ name, benchmarks }) => [
    name,
    ...benchmarks.map((benchmark) => `${name}/${benchmark.name}`),
  ]);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new BenchUsageError(`There is no ${unknown}, but: ${names.join(', ')}`);
  }
  return groups
    .map((group) => ({
      ...group,
      benchmarks: group.benchmarks.filter(
        ({ name }) => only.includes(group.name) || only.includes(`${group.name}/${name}`),
      ),
    }))
    .filter(({ benchmarks }) => benchmarks.length > 0);
}
