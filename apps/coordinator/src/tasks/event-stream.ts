import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FeedItem } from './task-feed';

/** How soon a browser that lost the stream comes back. */
const RECONNECT_MS = 1_000;

/**
 * Writes feeds as server-sent events: `id:` is where to go on from, `event:` the type, `data:` the
 * event as JSON; heartbeats are comments. A slow reader slows its feed down instead of filling memory.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStreams {
  private readonly logger = new Logger(EventStreams.name);
  private readonly open = new Set<AbortController>();

  /**
   * Resolves once the feed has ended, the reader has gone or `close` is called. Where the feed fails
   * the stream ends too: its reader comes back and goes on where it was.
   *
   * @param follow the feed; the signal tells that nobody reads it any more
   */
  async write(
    response: ServerResponse,
    follow: (signal: AbortSignal) => AsyncIterable<FeedItem>,
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
        if (!response.write(format(item))) await once(response, 'drain', { signal });
      }
    } catch (error) {
      if (!signal.aborted) this.logger.warn(`A stream of events ended early: ${error}`);
    } finally {
      response.end();
    }
  }

  /** Ends every stream; readers come back to another coordinator and go on where they were. */
  close(): void {
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

function format(item: FeedItem): string {
  if (item.kind === 'heartbeat') return ': still here\n\n';
  return `id: ${item.id}\nevent: ${item.event.type}\ndata: ${JSON.stringify(item.event)}\n\n`;
}
