import type { BenchResults, GroupResult } from './results';
import { COLUMNS, rowsOf } from './rows';
import { machineLines } from './text';

const SECTION = /<!-- bench:(\S+) -->[\s\S]*?<!-- \/bench -->/g;

/**
 * A Markdown document with its tables made anew: between `<!-- bench:<group> -->` and
 * `<!-- /bench -->` stands the table of that group, for `machine` the machine.
 */
export function fillDocument(text: string, { machine, groups }: BenchResults): string {
  const tables = new Map(groups.map((group) => [group.name, groupLines(group)]));
  tables.set(
    'machine',
    machineLines(machine).map((line) => `- ${line}`),
  );
  return text.replace(SECTION, (_section, name: string) => {
    const lines = tables.get(name) ?? ['Not measured yet.'];
    return [`<!-- bench:${name} -->`, '', ...lines, '', '<!-- /bench -->'].join('\n');
  });
}

function groupLines(group: GroupResult): string[] {
  const rows = [COLUMNS.map((column) => column), ...rowsOf(group).map((row) => row.map(escape))];
  const widths = COLUMNS.map((_column, i) =>
    Math.max(3, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  // As Prettier aligns them, so that formatting changes nothing.
  const [head = '', ...body] = rows.map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const form = group.isQuick ? 'quick form: short rounds' : 'full form';
  return [
    ...group.benchmarks.map(
      ({ name, title, durability }) => `- \`${name}\`: ${title}. Durability: ${durability}.`,
    ),
    '',
    head,
    rule,
    ...body,
    '',
    `Measured on ${group.measuredAt.slice(0, 10)}, ${form}.`,
  ];
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
