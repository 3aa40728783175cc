import Table from 'cli-table3';
import { formatNumber } from './format';
import type { BenchResults, GroupResult, Machine } from './results';
import { COLUMNS, rowsOf } from './rows';

/** None between the rows: they are many. */
const NO_LINES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** All results as the terminal shows them. */
export function toText({ machine, groups }: BenchResults): string {
  return [...groups.map(groupText), ...machineLines(machine), ''].join('\n');
}

function groupText(group: GroupResult): string {
  const table = new Table({ head: [...COLUMNS], style: { head: [], border: [] }, chars: NO_LINES });
  for (const row of rowsOf(group)) table.push([...row]);
  return [
    `${group.title}${group.isQuick ? ' (quick: short rounds)' : ''}`,
    ...group.benchmarks.map(
      ({ name, title, durability }) => `  ${name}: ${title}. Durability: ${durability}.`,
    ),
    table.toString(),
    '',
  ].join('\n');
}

/** The machine in words, a line each. */
export function machineLines({
  cpu,
  cores,
  memoryGiB,
  system,
  fsync,
  versions,
}: Machine): string[] {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, ${system}`,
    `8 KiB are durable on disk after ${formatNumber(fsync.median)} ms (p99 ${formatNumber(fsync.p99)} ms)`,
    named.join(', '),
  ];
}
