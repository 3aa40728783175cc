import { RedisUnavailableError } from './errors';
import { Mailbox } from './mailbox';
import type { ProgressChannels } from './progress-channels';
import { StreamCursor } from './stream-cursor';
import type { StreamEntry } from './stream-entry';
import { STREAM_START, parseStreamId } from './stream-id';
import type { StreamItem, SubscribeOptions } from './types';

/** Published entries that wait for a slow reader, before it is sent back to the stream. */
const MAILBOX_CAPACITY = 256;
const PAGE_SIZE = 100;
/** How often the stream is looked at while nothing is heard, and Redis while it is not available. */
const POLL_MS = 2_000;
const POLL_LIVE_MS = 60_000;

/** A piece of a task's stream; `seq` is null where the task is not in Redis. */
export interface StreamPage {
  readonly seq: number | null;
  readonly entries: readonly StreamEntry[];
}

/** Where a subscription reads. */
export interface StreamSource {
  readonly channel: string;
  readonly channels: Pick<ProgressChannels, 'join' | 'isLive'>;
  /** Up to `limit` entries after an id, and the task's event number at the same moment. */
  readonly readAfter: (id: string, limit: number) => Promise<StreamPage>;
}

/**
 * Reads a task's stream from an id on, and goes on with what is published.
 *
 * ```
 * replay ──► live ──► replay (a message is not next to the last one, the mailbox overflowed,
 *   │ ▲                        the pub/sub connection was renewed)
 *   ▼ │ Redis not available: a gap of unknown length, then again
 *  wait
 * ```
 *
 * No gap and nothing double at the seam: an entry is in the stream before it is published, the
 * stream is read after Redis has confirmed the subscription, and the cursor drops what it has seen.
 */
export async function* follow(
  { channel, channels, readAfter }: StreamSource,
  { after, signal }: SubscribeOptions,
): AsyncGenerator<StreamItem, void, undefined> {
  const cursor = new StreamCursor(after === undefined ? STREAM_START : parseStreamId(after));
  const mailbox = new Mailbox(MAILBOX_CAPACITY);
  const wake = () => mailbox.wake();
  let isMissing = false;

  /** Whether something happened before the time was over. */
  const pause = async (timeoutMs: number) => signal.aborted || (await mailbox.wait(timeoutMs));

  async function* replay(): AsyncGenerator<StreamItem> {
    for (;;) {
      const { seq, entries } = await readAfter(cursor.id, PAGE_SIZE);
      for (const entry of entries) {
        if (signal.aborted) return;
        yield* cursor.accept(entry);
      }
      if (entries.length === PAGE_SIZE) continue;
      if (seq !== null) yield* cursor.reach(seq);
      else if (!isMissing) yield cursor.unknown();
      isMissing = seq === null;
      return;
    }
  }

  const leave = channels.join(channel, mailbox);
  signal.addEventListener('abort', wake);
  try {
    while (!signal.aborted) {
      try {
        // Also where it became outdated meanwhile: before what is in it now, something may be missing.
        while (mailbox.takeOutdated()) yield* replay();
        const entry = mailbox.take();
        if (entry && !cursor.hasSeen(entry)) {
          if (!cursor.isNext(entry)) yield* replay();
          yield* cursor.accept(entry);
        }
      } catch (error) {
        if (!(error instanceof RedisUnavailableError)) throw error;
        yield cursor.unknown();
        await pause(POLL_MS);
        mailbox.invalidate();
      }
      if (mailbox.isIdle && !(await pause(channels.isLive ? POLL_LIVE_MS : POLL_MS))) {
        mailbox.invalidate();
      }
    }
  } finally {
    signal.removeEventListener('abort', wake);
    leave();
  }
}
