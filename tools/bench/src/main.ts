import 'reflect-metadata';
import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import type { BenchmarkGroup, Workbench } from './benchmark';
import { readCommandLine, selectGroups, type CommandLine } from './command-line';
import { GROUPS } from './groups';
import { judge } from './judge';
import { describeMachine } from './machine';
import { measureGroup, type GroupOptions } from './measure-group';
import type { BenchResults, GroupResult } from './results';
import { RunWorkbench } from './run-workbench';
import { toText } from './text';
import { RESULTS_FOLDER, addToDocs, writeResults } from './write';

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  const selected = selectGroups(GROUPS, line);
  const bench = new RunWorkbench(line.isQuick);
  let hasFailed = true;
  try {
    const results = await measure(selected, line, bench);
    hasFailed = results.groups.some(hasFailure);
    process.stdout.write(`\n${toText(results)}Wrote ${RESULTS_FOLDER}\n`);
  } finally {
    await bench.close({ keepFolder: hasFailed });
  }
  return EXIT_CODES[hasFailed ? 'failure' : 'ok'].code;
}

/** Writes down what there is after each group: a run that is cut short leaves its figures. */
async function measure(
  selected: readonly BenchmarkGroup[],
  { rounds, writeDocs }: CommandLine,
  bench: Workbench,
): Promise<BenchResults> {
  const machine = await describeMachine(bench);
  const groups: GroupResult[] = [];
  for (const group of selected) {
    const result = await resultOf(group, { bench, rounds: group.isOnce ? 1 : rounds });
    groups.push(result);
    writeResults({ machine, groups });
    if (writeDocs && !hasFailure(result)) addToDocs({ machine, groups: [result] });
  }
  return { machine, groups };
}

async function resultOf(group: BenchmarkGroup, options: GroupOptions): Promise<GroupResult> {
  const { name, title, reference } = group;
  const measuredAt = new Date().toISOString();
  const measured = await measureGroup(group, options);
  return {
    name,
    title,
    ...(reference === undefined ? {} : { reference }),
    measuredAt,
    isQuick: options.bench.isQuick,
    benchmarks: judge(group, measured),
  };
}

function hasFailure({ benchmarks }: GroupResult): boolean {
  return benchmarks.some(({ failure }) => failure !== undefined);
}

// Each process that a benchmark starts ends with this one, and they are many.
process.setMaxListeners(0);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.exitCode = reportFailure(error);
  },
);
