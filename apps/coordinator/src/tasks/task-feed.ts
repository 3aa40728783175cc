import type { ProgressEvent, TaskEvent } from '@askflash/contracts';
import type { RedisTasks, StreamItem as LiveItem } from '@askflash/redis-tasks';
import type { StreamItem } from '@askflash/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskReader } from '../engine/task-reader';

/** What a reader of a task's events gets. */
export type FeedItem =
  | { readonly kind: 'event'; readonly id: string; readonly event: TaskEvent | ProgressEvent }
  /** Nothing happened for a while; the task goes on. */
  | { readonly kind: 'heartbeat' };

/** Also the longest a durable event can be late where Redis fails. */
const HEARTBEAT_MS = 10_000;

/**
 * A task's events, from anywhere in their order to the task's end: progress comes by Redis and may
 * be lost with it; durable events come once each and without a gap, by Redis or else PostgreSQL.
 */
export class TaskFeed {
  constructor(
    private readonly redisTasks: Pick<RedisTasks, 'subscribe'>,
    private readonly reader: Pick<TaskReader, 'events'>,
    private readonly heartbeatMs = HEARTBEAT_MS,
  ) {}

  /**
   * Ends after `task.finished`, or when the signal aborts.
   *
   * @param after id of the last event the reader has; from the beginning where undefined
   */
  async *follow(
    taskId: string,
    options: { readonly after?: string | undefined; readonly signal: AbortSignal },
  ): AsyncGenerator<FeedItem> {
    const { after, signal } = options;
    const done = new AbortController();
    const end = (): void => done.abort();
    signal.addEventListener('abort', end, { once: true });
    const items = this.redisTasks
      .subscribe(taskId, { ...(after === undefined ? {} : { after }), signal: done.signal })
      [Symbol.asyncIterator]();
    let seq = after === undefined ? 0 : seqOf(after);
    let next = items.next();
    try {
      while (!signal.aborted) {
        const step = await firstOf(next, this.heartbeatMs);
        if (step === 'quiet') yield { kind: 'heartbeat' };
        else if (step.done) return;
        else next = items.next();
        for await (const item of this.itemsOf(taskId, step === 'quiet' ? GAP : step.value, seq)) {
          const { event } = item;
          const eventSeq = 'seq' in event ? event.seq : seqOf(item.id);
          // Redis may be behind PostgreSQL: a reader that went back would get events twice.
          if ('seq' in event ? eventSeq <= seq : eventSeq < seq) continue;
          seq = eventSeq;
          yield item;
          if (event.type === 'task.finished') return;
        }
      }
    } finally {
      signal.removeEventListener('abort', end);
      done.abort();
      await next.catch(() => undefined);
    }
  }

  private async *itemsOf(taskId: string, item: LiveItem | typeof GAP, seq: number) {
    if (item.kind === 'event') {
      yield item;
      return;
    }
    for (const event of await this.reader.events(taskId, seq)) {
      yield { kind: 'event' as const, id: `${event.seq}-0`, event };
    }
  }
}

/** How an item is sent: its id is where to go on from, its type that of the event. */
export function toStreamItem(item: FeedItem): StreamItem {
  if (item.kind === 'heartbeat') return 'heartbeat';
  return { id: item.id, type: item.event.type, data: item.event };
}

function seqOf(id: string): number {
  return Number(id.split('-')[0]);
}

/** All that PostgreSQL has beyond what is known. */
const GAP = { kind: 'gap' } as const;

async function firstOf<T>(next: Promise<T>, ms: number): Promise<T | 'quiet'> {
  const timer = new AbortController();
  const quiet = delay(ms, 'quiet' as const, { signal: timer.signal });
  quiet.catch(() => undefined);
  try {
    return await Promise.race([next, quiet]);
  } finally {
    timer.abort();
  }
}
