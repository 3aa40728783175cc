import type { StreamEntry } from './stream-entry';
import { formatStreamId, isAfter, isNextTo, type StreamId } from './stream-id';
import type { StreamItem } from './types';

/**
 * Where a reader stands in a task's stream. Turns entries, which may come twice and with holes
 * between them, into items that come once, in order, with every hole among the durable events told.
 */
export class StreamCursor {
  constructor(private position: StreamId) {}

  get id(): string {
    return formatStreamId(this.position);
  }

  hasSeen({ id }: StreamEntry): boolean {
    return !isAfter(id, this.position);
  }

  /** Whether nothing can be missing before the entry. */
  isNext({ id }: StreamEntry): boolean {
    return isNextTo(id, this.position);
  }

  /** Goes on to an entry. */
  *accept(entry: StreamEntry): Generator<StreamItem> {
    if (this.hasSeen(entry)) return;
    const { id, event } = entry;
    const isDurable = id.part === 0;
    // Progress stands after the durable event of its own number.
    yield* this.reach(isDurable && event ? id.seq - 1 : id.seq);
    this.position = id;
    if (event) yield { kind: 'event', id: formatStreamId(id), event };
  }

  /** Goes on to what the task's event number is known to have reached. */
  *reach(seq: number): Generator<StreamItem> {
    if (seq <= this.position.seq) return;
    const after = this.position.seq;
    this.position = { seq, part: 0 };
    yield { kind: 'gap', after, upTo: seq };
  }

  /** All that may have come since; the position stays, as nobody knows how much that is. */
  unknown(): StreamItem {
    return { kind: 'gap', after: this.position.seq, upTo: null };
  }
}
