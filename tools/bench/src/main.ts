import 'reflect-metadata';
import { EXIT_CODES } from '@askflash/contracts';
import { reportFailure } from '@askflash/service-kit';
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
  try {
    const machine = await describeMachine(bench);
    const groups: GroupResult[] = [];
    for (const group of selected) {
      const measuredAt = new Date().toISOString();
      const rounds = await measureGroup(group, { bench, rounds: group.isOnce ? 1 : line.rounds });
      const { name, title, reference } = group;
      const benchmarks = judge(group, rounds);
      groups.push({
        name,
        title,
        ...(reference === undefined ? {} : { reference }),
        measuredAt,
        isQuick: line.isQuick,
        benchmarks,
      });
    }
    return finish({ machine, groups }, line.writeDocs);
  } finally {
    await bench.close();
  }
}

function finish(results: BenchResults, isForDocs: boolean): number {
  const files = writeResults(results);
  process.stdout.write(`\n${toText(results)}${files.map((file) => `Wrote ${file}\n`).join('')}`);
  const hasFailed = results.groups.some(({ benchmarks }) =>
    benchmarks.some(({ failure }) => failure !== undefined),
  );
  if (isForDocs && !hasFailed) writeDocs(results);
  return EXIT_CODES[hasFailed ? 'failure' : 'ok'].code;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.exitCode = reportFailure(error);
  },
);
