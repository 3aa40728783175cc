import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** How soon a browser that lost the stream comes back. */
const RECONNECT_MS = 1_000;

/** One event of a stream. */
export interface ServerSentEvent {
  /** Where to go on from. */
  readonly id?: string;
  readonly type: string;
  /** Is sent as JSON. */
  readonly data: unknown;
}

/** What a stream is fed with; a heartbeat is a comment that keeps the connection alive. */
export type StreamItem = ServerSentEvent | 'heartbeat';

/**
 * Writes feeds as server-sent events. A slow reader slows its feed down instead of filling memory.
 * Whoever provides it needs do nothing at shutdown.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreams.name);
  private readonly open = new Set<AbortController>();

  /** How many readers there are. */
  get readers(): number {
    return this.open.size;
  }

  /**
   * Resolves once the feed has ended, the reader has gone or the app shuts down. Where the feed fails
   * the stream ends too: its reader comes back and goes on where it was.
   *
   * @param follow the feed; the signal tells that nobody reads it any more
   * @param toStreamItem how what is in the feed is sent
   */
  async write<Item>(
    response: ServerResponse,
    follow: (signal: AbortSignal) => AsyncIterable<Item>,
    toStreamItem: (item: Item) => StreamItem,
  ): Promise<void> {
    const { signal } = this.add(response);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    try {
      for await (const item of follow(signal)) {
        if (!response.write(format(toStreamItem(item)))) await once(response, 'drain', { signal });
      }
    } catch (error) {
      if (!signal.aborted) this.logger.warn(`A stream of events ended early: ${error}`);
    } finally {
      response.end();
    }
  }

  /** An open stream would keep the server from closing; readers come back to another instance. */
  beforeApplicationShutdown(): void {
    for (const stream of this.open) stream.abort();
  }

  private add(response: ServerResponse): AbortController {
    const stream = new AbortController();
    this.open.add(stream);
    response.once('close', () => {
      this.open.delete(stream);
      stream.abort();
    });
    stream.signal.addEventListener('abort', () => {
      // A reader that does not take what is written would keep the server from closing.
      if (response.writableLength > 0) response.destroy();
    });
    return stream;
  }
}

function format(item: StreamItem): string {
  if (item === 'heartbeat') return ': still here\n\n';
  const id = item.id === undefined ? '' : `id: ${item.id}\n`;
  return `${id}event: ${item.type}\ndata: ${JSON.stringify(item.data)}\n\n`;
}
