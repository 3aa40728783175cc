import { setTimeout as delay } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** How a stream is followed. */
export interface EventStreamOptions {
  /** Opens the stream after the event with this id; what it throws ends the reading. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  readonly signal: AbortSignal;
  /** Whether an error of `open` may pass by itself. */
  readonly isPassing: (error: unknown) => boolean;
  /** How long the stream may bring nothing, over all attempts, in milliseconds. */
  readonly patienceMs?: number;
  /** How long an open connection may be silent before it counts as lost, in milliseconds. */
  readonly silenceMs?: number;
}

/** Time between two attempts until the server names another, in milliseconds. */
const DEFAULT_RETRY_MS = 1000;

/**
 * Reads server-sent events, and goes on after the last one where the connection is lost.
 *
 * ```
 * connect ──► reading ──lost, silent or ended──► wait ──► connect with Last-Event-ID
 *    └──error that does not pass, patience over, signal──► throws
 * ```
 *
 * The reader ends it by leaving the loop.
 *
 * @throws what `open` throws for good, or what the connection was last lost by
 */
export async function* readEventStream({
  open,
  signal,
  isPassing,
  patienceMs = 30_000,
  silenceMs = 45_000,
}: EventStreamOptions): AsyncGenerator<EventSourceMessage> {
  let lastEventId: string | undefined;
  let retryMs = DEFAULT_RETRY_MS;
  let heardAt = performance.now();
  for (;;) {
    let lostBy: unknown;
    const connection = new AbortController();
    const silence = setTimeout(() => connection.abort(), silenceMs);
    try {
      const response = await open(lastEventId, AbortSignal.any([signal, connection.signal]));
      const messages: EventSourceMessage[] = [];
      const hear = () => (heardAt = performance.now());
      const parser = createParser({
        onEvent: (message) => messages.push(message),
        onComment: hear,
        onRetry: (milliseconds) => (retryMs = milliseconds),
      });
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        silence.refresh();
        parser.feed(decoder.decode(chunk, { stream: true }));
        for (const message of messages.splice(0)) {
          hear();
          lastEventId = message.id ?? lastEventId;
          yield message;
        }
      }
    } catch (error) {
      if (signal.aborted || !isPassing(error)) throw error;
      lostBy = error;
    } finally {
      clearTimeout(silence);
      connection.abort();
    }
    if (performance.now() - heardAt > patienceMs) {
      throw lostBy ?? new Error(`The stream brought nothing for ${patienceMs} ms`);
    }
    await delay(retryMs, undefined, { signal });
  }
}
