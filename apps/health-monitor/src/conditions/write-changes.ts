import {
  closeConditions,
  openConditions,
  touchConditions,
  type ConditionEvent,
  type ConditionKey,
  type ConditionRow,
} from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import { keyOf, type UnwrittenChange } from './unwritten-changes';

export interface WriteOptions {
  /** A webhook is to be told. */
  readonly notify: boolean;
  /** The last event of a change that the webhook was told of past PostgreSQL. */
  readonly notified: (change: UnwrittenChange) => ConditionEvent | null;
}

/** What became of changes. */
export interface WrittenChanges {
  /** The rows of those that opened: under the id of who was first. */
  readonly opened: readonly ConditionRow[];
  /** Rows that were open, and were closed by this call. */
  readonly closed: readonly ConditionRow[];
  /** What is found, though another monitor has closed it before. */
  readonly lost: readonly ConditionKey[];
}

type Closing = UnwrittenChange & { readonly closedAt: Date };

/** Writes merged changes in one transaction: a statement each for what was seen, closed and opened. */
export function writeChanges(
  dataSource: DataSource,
  changes: readonly UnwrittenChange[],
  options: WriteOptions,
): Promise<WrittenChanges> {
  const { notified } = options;
  return dataSource.transaction(async (manager) => {
    const lost = await touchConditions(
      manager,
      changes.filter(isSighting).map(({ condition }) => condition),
    );
    const closings = firstClosings(changes);
    const closed = await closeConditions(
      manager,
      closings.map((closing) => ({
        ...closing.condition,
        closedAt: closing.closedAt,
        notified: notified(closing) === 'closed',
      })),
      options,
    );
    const closedKeys = new Set(closed.map(keyOf));
    // One that opened and closed unwritten may have been opened by another monitor.
    const isWritten = (change: UnwrittenChange) =>
      closings.some((closing) => closing === change) && closedKeys.has(keyOf(change.condition));
    const opened = await openConditions(
      manager,
      changes
        .filter((change) => change.opened && !isWritten(change))
        .map((change) => ({
          ...change.condition,
          closedAt: change.closedAt,
          notified: notified(change),
        })),
      options,
    );
    return { opened, closed, lost };
  });
}

function isSighting({ opened, closedAt }: UnwrittenChange): boolean {
  return !opened && closedAt === null;
}

/** What may end a row: of one name and subject the first closing, as those after it began later. */
function firstClosings(changes: readonly UnwrittenChange[]): Closing[] {
  const isClosing = (change: UnwrittenChange): change is Closing => change.closedAt !== null;
  const byKey = new Map<string, Closing>();
  for (const closing of changes.filter(isClosing)) {
    const key = keyOf(closing.condition);
    if (!byKey.has(key)) byKey.set(key, closing);
  }
  return [...byKey.values()];
}
