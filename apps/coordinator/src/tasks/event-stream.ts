import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { FeedItem } from './task-feed';

/** How soon a browser that lost the stream comes back. */
const RECONNECT_MS = 1_000;

/**
 * Writes a feed as server-sent events: `id:` is where to go on from, `event:` the type, `data:` the
 * event as JSON; heartbeats are comments. A slow reader slows the feed down instead of filling memory.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function streamEvents(
  response: ServerResponse,
  feed: AsyncIterable<FeedItem>,
  closed: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  try {
    for await (const item of feed) {
      if (!response.write(format(item))) await once(response, 'drain', { signal: closed });
    }
  } catch (error) {
    if (!closed.aborted) throw error;
  } finally {
    response.end();
  }
}

function format(item: FeedItem): string {
  if (item.kind === 'heartbeat') return ': still here\n\n';
  return `id: ${item.id}\nevent: ${item.event.type}\ndata: ${JSON.stringify(item.event)}\n\n`;
}
