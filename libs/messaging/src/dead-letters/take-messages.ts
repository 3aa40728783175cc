import type { Channel, ConsumeMessage } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import type { CheckOutBounds } from './dead-letter-queue';

/** A queue that hands nothing out for so long may be at its end. */
const QUIET_MS = 100;

/** Messages that the channel holds unacknowledged. */
export interface TakenMessages {
  readonly messages: readonly ConsumeMessage[];
  /** Whether the queue was at its end. */
  readonly complete: boolean;
}

/**
 * Takes what a queue holds, up to the bounds, and leaves it unacknowledged. It consumes, as getting
 * messages singly costs a quorum queue a round of its log for each.
 *
 * @throws what amqplib throws where the queue is missing or the channel lost
 */
export async function takeMessages(
  channel: Channel,
  queue: string,
  { maxCount, maxBytes, timeoutMs }: Required<CheckOutBounds>,
): Promise<TakenMessages> {
  const messages: ConsumeMessage[] = [];
  const full = new AbortController();
  let bytes = 0;
  let left = 0;
  let isGone = false;
  const take = (message: ConsumeMessage | null): void => {
    if (!message) isGone = true;
    else if (full.signal.aborted) left += 1;
    else {
      messages.push(message);
      bytes += message.content.length;
      if (messages.length >= maxCount || bytes >= maxBytes) full.abort();
    }
  };
  await channel.prefetch(maxCount);
  const { consumerTag } = await channel.consume(queue, take);
  await untilQuiet(() => messages.length, {
    isOver: async () => isGone || (await channel.checkQueue(queue)).messageCount === 0,
    signal: AbortSignal.any([full.signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (!isGone) await channel.cancel(consumerTag);
  const { messageCount } = await channel.checkQueue(queue);
  return { messages, complete: messageCount === 0 && left === 0 };
}

/** Waits until a count stands still and it is over, or the signal aborts. */
async function untilQuiet(
  count: () => number,
  { isOver, signal }: { readonly isOver: () => Promise<boolean>; readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const before = count();
    await delay(QUIET_MS, undefined, { signal }).catch(() => undefined);
    if (count() === before && (await isOver()) && count() === before) return;
  }
}
