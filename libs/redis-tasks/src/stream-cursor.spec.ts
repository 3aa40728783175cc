import fc from 'fast-check';
import { eventsOf, newTaskId, token } from '../test/tasks';
import { StreamCursor } from './stream-cursor';
import type { StreamEntry } from './stream-entry';
import { STREAM_START, formatStreamId } from './stream-id';

const taskId = newTaskId();

function entry(seq: number, part = 0): StreamEntry {
  const [event = token('')] = part === 0 ? eventsOf(taskId, seq, seq) : [token(`${part}`)];
  return { id: { seq, part }, event };
}

/** A whole stream: for each durable event, how much progress follows it. */
const stream = fc
  .array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 8 })
  .map((counts) =>
    counts.flatMap((count, i) =>
      Array.from({ length: count + 1 }, (_none, part) => entry(i + 1, part)),
    ),
  );

describe('StreamCursor', () => {
  it('gives every entry once and in order, however often pieces of the stream come', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 40 }), { maxLength: 10 }), (entries, cuts) => {
        const cursor = new StreamCursor(STREAM_START);
        const given = [];
        // Pieces from the start to anywhere, then all of it.
        for (const cut of [...cuts, entries.length]) {
          for (const each of entries.slice(0, cut)) given.push(...cursor.accept(each));
        }
        expect(given).toEqual(
          entries.map(({ id, event }) => ({ kind: 'event', id: formatStreamId(id), event })),
        );
      }),
    );
  });

  it('tells exactly the durable events that are missing', () => {
    fc.assert(
      fc.property(stream, fc.infiniteStream(fc.boolean()), (entries, keeps) => {
        const cursor = new StreamCursor(STREAM_START);
        const kept = entries.filter(() => keeps.next().value);
        const missing = new Set<number>();
        const seen: number[] = [];
        const last = entries.at(-1)?.id.seq ?? 0;
        const items = [...kept.flatMap((each) => [...cursor.accept(each)]), ...cursor.reach(last)];
        for (const item of items) {
          if (item.kind === 'event') {
            if (item.id.endsWith('-0')) seen.push(parseInt(item.id));
            continue;
          }
          for (let seq = item.after + 1; seq <= (item.upTo ?? 0); seq += 1) missing.add(seq);
        }
        expect(seen).toEqual(kept.filter(({ id }) => id.part === 0).map(({ id }) => id.seq));
        expect([...seen, ...missing].sort((a, b) => a - b)).toEqual(
          Array.from({ length: last }, (_none, i) => i + 1),
        );
      }),
    );
  });

  it('takes an unreadable durable event for missing, and passes over unreadable progress', () => {
    const cursor = new StreamCursor({ seq: 1, part: 0 });
    expect([...cursor.accept({ id: { seq: 1, part: 1 }, event: null })]).toEqual([]);
    expect([...cursor.accept({ id: { seq: 2, part: 0 }, event: null })]).toEqual([
      { kind: 'gap', after: 1, upTo: 2 },
    ]);
    expect(cursor.id).toBe('2-0');
  });

  it('stays where it is when it is not known how much is missing', () => {
    const cursor = new StreamCursor({ seq: 3, part: 2 });
    expect(cursor.unknown()).toEqual({ kind: 'gap', after: 3, upTo: null });
    expect(cursor.id).toBe('3-2');
  });

  it.each([
    [entry(3, 3), true],
    [entry(4), true],
    [entry(3, 4), false],
    [entry(4, 1), false],
    [entry(5), false],
  ])('knows what comes next: %j', (next, isNext) => {
    expect(new StreamCursor({ seq: 3, part: 2 }).isNext(next)).toBe(isNext);
  });
});
