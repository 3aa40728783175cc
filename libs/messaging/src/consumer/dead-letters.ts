import type { ConsumeMessage, MessagePropertyHeaders } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import { attributesOf } from '../cloud-events';
import type { ConfirmedSender, OutgoingMessage } from '../publisher/confirmed-sender';
import { DEAD_LETTER_PREFIX, EVENTS_EXCHANGE } from '../topology/topology';
import { deliveryCountOf } from './read-message';

const MAX_REASON_LENGTH = 1000;

/** What the headers of the original may take, in bytes of JSON: amqplib has 64 KiB for all of a message. */
const MAX_HEADERS_BYTES = 24 * 1024;

/** The largest that is kept, with its name, where all of them are too large. */
const MAX_HEADER_BYTES = 256;

/** Headers that say why a message is in `mcp.dead_letter`. */
export const DEAD_LETTER_HEADERS = {
  reason: 'x-mcp-dead-letter-reason',
  queue: 'x-mcp-dead-letter-queue',
  exchange: 'x-mcp-dead-letter-exchange',
  routingKey: 'x-mcp-dead-letter-routing-key',
  deadAt: 'x-mcp-dead-letter-at',
  /** When it was first published, or first seen where that is unknown. */
  firstSeenAt: 'x-mcp-first-seen-at',
  deliveryCount: 'x-mcp-delivery-count',
} as const;

/** Headers the broker acts on: a copy that kept them would go elsewhere too. */
const NOT_COPIED = new Set(['CC', 'BCC', 'x-death', 'x-delivery-count', 'x-acquired-count']);

/** Copies a message to the dead-letter queue; resolves once the copy is confirmed. */
export function sendDeadLetter(
  sender: ConfirmedSender,
  delivery: ConsumeMessage,
  queue: string,
  reason: string,
): Promise<void> {
  return sender.send(deadLetterOf(delivery, queue, reason));
}

function deadLetterOf(delivery: ConsumeMessage, queue: string, reason: string): OutgoingMessage {
  const { content, fields, properties } = delivery;
  const now = new Date().toISOString();
  const headers = boundedHeaders(properties.headers);
  return {
    exchange: EVENTS_EXCHANGE,
    routingKey: `${DEAD_LETTER_PREFIX}${queue}`,
    content,
    messageId: textOf(properties.messageId) ?? uuidv7(),
    properties: {
      persistent: true,
      contentType: textOf(properties.contentType),
      contentEncoding: textOf(properties.contentEncoding),
      type: textOf(properties.type),
      appId: textOf(properties.appId),
      headers: {
        ...headers,
        [DEAD_LETTER_HEADERS.reason]: reason.slice(0, MAX_REASON_LENGTH),
        [DEAD_LETTER_HEADERS.queue]: queue,
        [DEAD_LETTER_HEADERS.exchange]: fields.exchange,
        [DEAD_LETTER_HEADERS.routingKey]: fields.routingKey,
        [DEAD_LETTER_HEADERS.deadAt]: now,
        [DEAD_LETTER_HEADERS.firstSeenAt]: attributesOf({ ...properties, headers }).time ?? now,
        [DEAD_LETTER_HEADERS.deliveryCount]: deliveryCountOf(delivery),
      },
    },
  };
}

/** The headers as they came; of more than fit, the short ones that come first. */
function boundedHeaders(headers: MessagePropertyHeaders = {}): MessagePropertyHeaders {
  const kept = Object.entries(headers).filter(([name]) => !NOT_COPIED.has(name));
  const sizes = kept.map((header) => Buffer.byteLength(JSON.stringify(header)));
  if (sum(sizes) <= MAX_HEADERS_BYTES) return Object.fromEntries(kept);
  const short = kept.filter((_header, index) => (sizes[index] ?? 0) <= MAX_HEADER_BYTES);
  return Object.fromEntries(short.slice(0, MAX_HEADERS_BYTES / MAX_HEADER_BYTES));
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
