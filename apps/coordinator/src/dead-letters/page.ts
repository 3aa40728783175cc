import type { DeadLetter } from '@askflash/messaging';
import { z } from 'zod';
import type { DeadLetterFilter } from './dto';

const position = z.tuple([z.string(), z.string()]);

/** Whether a dead letter is one that is asked for. */
export function matches(
  { queue, reason, type, ids, deadBefore }: DeadLetterFilter,
  letter: DeadLetter,
): boolean {
  return (
    (queue === undefined || letter.queue === queue) &&
    (reason === undefined || letter.reason === reason) &&
    (type === undefined || letter.type === type) &&
    (ids === undefined || ids.includes(letter.id)) &&
    (deadBefore === undefined ||
      (letter.deadAt !== null && Date.parse(letter.deadAt) < Date.parse(deadBefore)))
  );
}

/**
 * The page that begins after a cursor, and the cursor of the next one. A cursor names the last dead
 * letter seen, by time and id, so that it holds where that one is gone and others came.
 */
export function pageOf(
  letters: readonly DeadLetter[],
  { cursor, limit }: { readonly cursor: Cursor | undefined; readonly limit: number },
): { readonly items: DeadLetter[]; readonly next: string | null } {
  const start = cursor === undefined ? 0 : indexAfter(letters, cursor);
  const items = letters.slice(start, start + limit);
  const last = items.at(-1);
  const isLast = start + limit >= letters.length;
  return { items, next: isLast || !last ? null : encode(positionOf(last)) };
}

/** Where a page ended: time of death and id. */
export type Cursor = z.output<typeof position>;

/** Reads a cursor; undefined where it is none. */
export function readCursor(text: string): Cursor | undefined {
  try {
    return position.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}

function indexAfter(letters: readonly DeadLetter[], cursor: Cursor): number {
  const found = letters.findIndex((letter) => encode(positionOf(letter)) === encode(cursor));
  if (found >= 0) return found + 1;
  const next = letters.findIndex((letter) => isAfter(positionOf(letter), cursor));
  return next < 0 ? letters.length : next;
}

function isAfter([time, id]: Cursor, [otherTime, otherId]: Cursor): boolean {
  return time === otherTime ? id > otherId : time > otherTime;
}

function positionOf({ deadAt, id }: DeadLetter): Cursor {
  return [deadAt ?? '', id];
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}
