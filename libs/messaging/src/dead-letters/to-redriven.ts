import type { ConsumeMessage } from 'amqplib';
import { DEAD_LETTER_HEADERS } from '../consumer/dead-letters';
import type { OutgoingMessage } from '../publisher/confirmed-sender';

/** How often a message was sent back out of the dead letters. */
export const REDRIVE_COUNT_HEADER = 'x-mcp-redrive-count';

/**
 * What tells of the death that is undone. `x-death` has to go for more than tidiness: RabbitMQ drops
 * a message that comes by the same queue twice in it, as one going round in circles.
 */
const LEFT_BEHIND = new Set<string>([
  ...Object.values(DEAD_LETTER_HEADERS),
  'x-death',
  'x-delivery-count',
  'x-acquired-count',
  'x-opt-rabbitmq-received-time',
  'CC',
  'BCC',
]);

/** The message as it goes back to a queue: as it came, without the traces of its death. */
export function toRedriven(
  { content, properties }: ConsumeMessage,
  { messageId, queue }: { readonly messageId: string; readonly queue: string },
): OutgoingMessage {
  const headers = Object.entries(properties.headers ?? {}).filter(
    ([name]) => !LEFT_BEHIND.has(name) && !/^x-(first|last)-death-/.test(name),
  );
  const count: unknown = properties.headers?.[REDRIVE_COUNT_HEADER];
  return {
    exchange: '',
    routingKey: queue,
    content,
    messageId,
    properties: {
      persistent: true,
      contentType: textOf(properties.contentType),
      contentEncoding: textOf(properties.contentEncoding),
      type: textOf(properties.type),
      appId: textOf(properties.appId),
      correlationId: textOf(properties.correlationId),
      priority: numberOf(properties.priority),
      timestamp: numberOf(properties.timestamp),
      headers: {
        ...Object.fromEntries(headers),
        [REDRIVE_COUNT_HEADER]: (numberOf(count) ?? 0) + 1,
      },
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
