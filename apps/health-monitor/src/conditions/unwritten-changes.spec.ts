import { newId } from '@askflash/config';
import fc from 'fast-check';
import type { OpenCondition } from './condition';
import { keyOf, mergeUnwritten, toUnwritten, type UnwrittenChange } from './unwritten-changes';

const AT = new Date('2026-01-01T00:00:00Z');
const aCondition = (subject: string, summary = 's'): OpenCondition => ({
  id: newId(),
  name: 'queue_stuck',
  subject,
  severity: 'critical',
  summary,
  value: null,
  threshold: null,
  openedAt: AT,
  lastSeenAt: AT,
});

/** What looks tell, one after the other, of some subjects: each opens, is seen and closes in turn. */
const histories = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 60 })
  .map((steps) => {
    const open = new Map<string, OpenCondition>();
    return steps.flatMap(([subject, closes], step): UnwrittenChange[] => {
      const known = open.get(subject);
      if (!known) {
        const condition = aCondition(subject);
        open.set(subject, condition);
        return toUnwritten({ opened: [condition], seen: [], closed: [] });
      }
      const condition = { ...known, summary: `${step}` };
      if (!closes) return toUnwritten({ opened: [], seen: [condition], closed: [] });
      open.delete(subject);
      return toUnwritten({ opened: [], seen: [], closed: [{ ...condition, closedAt: AT }] });
    });
  });

describe('mergeUnwritten', () => {
  it('has each condition once, as it was last, in the order they began', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const merged = mergeUnwritten(history, Infinity);
        const begun = history.filter(({ opened }) => opened).map(({ condition }) => condition.id);
        expect(merged.map(({ condition }) => condition.id)).toEqual(begun);
        for (const { condition, closedAt } of merged) {
          const last = history.filter(({ condition: { id } }) => id === condition.id).at(-1);
          expect({ condition, closedAt }).toMatchObject({
            condition: { summary: last?.condition.summary },
            closedAt: last?.closedAt,
          });
        }
      }),
    );
  });

  it('is the same whether it is done at once or bit by bit', () => {
    fc.assert(
      fc.property(histories, fc.nat(60), (history, at) => {
        const [first, rest] = [history.slice(0, at), history.slice(at)];
        expect(mergeUnwritten([...mergeUnwritten(first, Infinity), ...rest], Infinity)).toEqual(
          mergeUnwritten(history, Infinity),
        );
      }),
    );
  });

  it('leaves out the oldest that are over where there are too many, never one that is open', () => {
    fc.assert(
      fc.property(histories, fc.nat(20), (history, limit) => {
        const all = mergeUnwritten(history, Infinity);
        const kept = mergeUnwritten(history, limit);
        const isOpen = ({ closedAt }: UnwrittenChange) => closedAt === null;
        expect(kept.filter(isOpen)).toEqual(all.filter(isOpen));
        const over = all.filter((change) => !isOpen(change));
        const keptOver = kept.filter((change) => !isOpen(change));
        const room = Math.max(0, Math.min(over.length, limit - all.filter(isOpen).length));
        expect(keptOver).toEqual(over.slice(over.length - room));
      }),
    );
  });

  it('keeps what has to be closed in PostgreSQL, however many there are', () => {
    const closed = ['a', 'b'].map((subject) => ({ ...aCondition(subject), closedAt: AT }));
    const changes = toUnwritten({ opened: [], seen: [], closed });
    expect(mergeUnwritten(changes, 1)).toEqual(changes);
  });

  it('goes on with a condition that is opened twice', () => {
    const [first, second] = [aCondition('a'), aCondition('a', 'later')];
    const merged = mergeUnwritten(
      toUnwritten({ opened: [first, second], seen: [], closed: [] }),
      10,
    );
    expect(merged).toEqual([
      { condition: { ...first, summary: 'later' }, opened: true, closedAt: null },
    ]);
  });
});

describe('keyOf', () => {
  it('tells names and subjects apart', () => {
    expect(keyOf({ name: 'a', subject: 'b' })).not.toBe(keyOf({ name: 'ab', subject: '' }));
  });
});
