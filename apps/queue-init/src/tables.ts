import type { TopologyDifference } from '@askflash/messaging';
import Table from 'cli-table3';

/** Lines between rows. */
const NO_RULES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Rows as a table without colours. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const grid = new Table({ head: [...head], style: { head: [], border: [] }, chars: NO_RULES });
  for (const row of rows) grid.push([...row]);
  return grid.toString();
}

/** Differences as a table. */
export function differenceTable(differences: readonly TopologyDifference[]): string {
  return table(
    ['what', 'kind', 'name', 'detail'],
    differences.map(({ thing, kind, name, detail, wayOut }) => [
      thing,
      kind,
      name,
      wayOut ? `${detail}\n${wayOut}` : detail,
    ]),
  );
}
