import type { ConditionKey } from '@askflash/typeorm-entities';
import type { OpenCondition } from './condition';
import type { ConditionChanges } from './condition-changes';

/** What is to be written of one condition, from when it opens to when it closes. */
export interface UnwrittenChange {
  readonly condition: OpenCondition;
  /** It opened, and that is not written yet. */
  readonly opened: boolean;
  /** When it closed; null while it is open. */
  readonly closedAt: Date | null;
}

/** Of one name and subject at most one condition is open. */
export function keyOf({ name, subject }: ConditionKey): string {
  return `${name}\n${subject}`;
}

/** The changes of a look, one each. */
export function toUnwritten({ opened, seen, closed }: ConditionChanges): UnwrittenChange[] {
  return [
    ...closed.map(({ closedAt, ...condition }) => ({ condition, opened: false, closedAt })),
    ...opened.map((condition) => ({ condition, opened: true, closedAt: null })),
    ...seen.map((condition) => ({ condition, opened: false, closedAt: null })),
  ];
}

/**
 * Puts changes that follow one another together, so that each condition is there once, in the order
 * they began. Where there are more than `limit`, the oldest that opened and closed unwritten are
 * left out: what is open, or has to be closed, always stays.
 */
export function mergeUnwritten(
  changes: readonly UnwrittenChange[],
  limit: number,
): UnwrittenChange[] {
  const merged: UnwrittenChange[] = [];
  const latest = new Map<string, number>();
  for (const change of changes) {
    const key = keyOf(change.condition);
    const index = latest.get(key) ?? -1;
    const before = merged[index];
    if (before?.closedAt === null) {
      merged[index] = joined(before, change);
    } else {
      latest.set(key, merged.push(change) - 1);
    }
  }
  let surplus = merged.length - limit;
  return merged.filter(({ opened, closedAt }) => !(opened && closedAt && surplus-- > 0));
}

/** The condition goes on under the id and from the time that it began with. */
function joined(before: UnwrittenChange, change: UnwrittenChange): UnwrittenChange {
  const { id, openedAt } = before.condition;
  return {
    condition: { ...change.condition, id, openedAt },
    opened: before.opened || change.opened,
    closedAt: change.closedAt,
  };
}
