import 'reflect-metadata';
import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
import type { BenchmarkGroup, Workbench } from './benchmark';
import { readCommandLine, selectGroups } from './command-line';
import { GROUPS } from './groups';
import { judge } from './judge';
import { describeMachine } from './machine';
import { measureGroup } from './measure-group';
import type { BenchResults, GroupResult } from './results';
import { RunWorkbench } from './run-workbench';
import { toText } from './text';
import { writeDocs, writeResults } from './write';

async function main(): Promise<number> {
  const line = readCommandLine(process.argv.slice(2));
  const selected = selectGroups(GROUPS, line);
  const bench = new RunWorkbench(line.isQuick);
  let hasFailed = true;
  try {
    const results = await measure(selected, line.rounds, bench);
    hasFailed = hasFailures(results);
    const files = writeResults(results);
    process.stdout.write(`\n${toText(results)}${files.map((file) => `Wrote ${file}\n`).join('')}`);
    if (line.writeDocs && !hasFailed) writeDocs(results);
  } finally {
    await bench.close({ keepFolder: hasFailed });
  }
  return EXIT_CODES[hasFailed ? 'failure' : 'ok'].code;
}

async function measure(
  selected: readonly BenchmarkGroup[],
  rounds: number,
  bench: Workbench,
): Promise<BenchResults> {
  const machine = await describeMachine(bench);
  const groups: GroupResult[] = [];
  for (const group of selected) {
    const { name, title, reference, isOnce } = group;
    const measuredAt = new Date().toISOString();
    const measured = await measureGroup(group, { bench, rounds: isOnce ? 1 : rounds });
    groups.push({
      name,
      title,
      ...(reference === undefined ? {} : { reference }),
      measuredAt,
      isQuick: bench.isQuick,
      benchmarks: judge(group, measured),
    });
  }
  return { machine, groups };
}

function hasFailures({ groups }: BenchResults): boolean {
  return groups.some(({ benchmarks }) => benchmarks.some(({ failure }) => failure !== undefined));
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
