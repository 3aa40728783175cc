import type { DeadLetter } from '@askflash/messaging';
import fc from 'fast-check';
import { matches, pageOf, readCursor } from './page';

const LETTER: DeadLetter = {
  id: 'm-1',
  type: 'stage.requested.v1',
  subject: null,
  reason: 'rejected',
  detail: null,
  queue: 'intent.task',
  exchange: null,
  routingKey: null,
  deadAt: '2026-01-02T00:00:00.000Z',
  firstSeenAt: null,
  deliveryCount: 0,
  redriveCount: 0,
  bytes: 2,
  bodyPreview: '{}',
};

describe('matches', () => {
  it.each([
    [{}, true],
    [{ queue: 'intent.task' }, true],
    [{ queue: 'executor.task' }, false],
    [{ reason: 'rejected', type: 'stage.requested.v1' }, true],
    [{ reason: 'rejected', type: 'stage.failed.v1' }, false],
    [{ ids: ['m-2', 'm-1'] }, true],
    [{ ids: ['m-2'] }, false],
    [{ deadBefore: '2026-01-02T00:00:00.001Z' }, true],
    [{ deadBefore: '2026-01-02T00:00:00.000Z' }, false],
  ])('%j: %s', (filter, expected) => expect(matches(filter, LETTER)).toBe(expected));

  it('leaves out what nothing tells the time of, where a time is asked for', () => {
    const filter = { deadBefore: '2030-01-01T00:00:00Z' };
    expect(matches(filter, { ...LETTER, deadAt: null })).toBe(false);
  });
});

const minutes = fc.uniqueArray(fc.tuple(fc.nat(5), fc.nat(20)), {
  selector: ([minute, id]) => `${minute}/${id}`,
  maxLength: 30,
});

function lettersOf(all: readonly (readonly [number, number])[]): DeadLetter[] {
  return all
    .map(([minute, id]) => ({
      ...LETTER,
      id: `m-${id}`,
      deadAt: minute === 0 ? null : `2026-01-01T00:0${minute}:00.000Z`,
    }))
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ deadAt, id }: DeadLetter) => `${deadAt ?? ''} ${id}`;

describe('pageOf', () => {
  it('goes through all of them once, whatever goes and comes in between', () => {
    fc.assert(
      fc.property(minutes, fc.integer({ min: 1, max: 7 }), fc.nat(29), (all, limit, removed) => {
        let letters = lettersOf(all);
        const gone = letters[removed % Math.max(letters.length, 1)];
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page = pageOf(letters, {
            cursor: cursor === null ? undefined : readCursor(cursor),
            limit,
          });
          seen.push(...page.items.map(keyOf));
          cursor = page.next;
          letters = letters.filter((letter) => letter !== gone);
        } while (cursor !== null);
        const expected = lettersOf(all).map(keyOf);
        const missed = expected.filter((key) => !seen.includes(key));
        expect(new Set(seen).size).toBe(seen.length);
        expect(
          missed.length === 0 || (missed.length === 1 && gone && missed[0] === keyOf(gone)),
        ).toBe(true);
      }),
    );
  });

  it.each(['', 'x', 'bnVsbA', 'W10'])('does not take %j for a cursor', (text) => {
    expect(readCursor(text)).toBeUndefined();
  });
});
