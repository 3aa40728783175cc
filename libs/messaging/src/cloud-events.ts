import type { Contract, PayloadOf } from '@askflash/contracts';
import type { MessagePropertyHeaders, MessageProperties } from 'amqplib';
import { v7 as uuidv7 } from 'uuid';
import type { OutgoingMessage } from './publisher/confirmed-sender';
import type { PublishOptions } from './publisher/publisher';

const PREFIX = 'cloudEvents:';

/** CloudEvents attributes of a message, as its headers say; undefined where they do not. */
export interface EventAttributes {
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly subject: string | undefined;
  readonly time: string | undefined;
}

/** A payload as a CloudEvents 1.0 message in binary mode: attributes in the headers, body plain JSON. */
export function toMessage<C extends Contract>(
  contract: C,
  payload: PayloadOf<C>,
  content: Buffer,
  { source, options }: { readonly source: string; readonly options: PublishOptions },
): OutgoingMessage {
  const messageId = options.messageId ?? uuidv7();
  const now = new Date();
  return {
    exchange: contract.exchange,
    routingKey: contract.routingKey(payload),
    content,
    messageId,
    properties: {
      persistent: true,
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      type: contract.type,
      appId: source,
      timestamp: Math.floor(now.getTime() / 1000),
      ...(options.expirationMs === undefined ? {} : { expiration: String(options.expirationMs) }),
      ...(options.priority === undefined ? {} : { priority: options.priority }),
      headers: {
        ...options.headers,
        [`${PREFIX}specversion`]: '1.0',
        [`${PREFIX}id`]: messageId,
        [`${PREFIX}type`]: contract.type,
        [`${PREFIX}source`]: `/${source}`,
        [`${PREFIX}subject`]: contract.subject(payload),
        [`${PREFIX}time`]: now.toISOString(),
        ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
      },
    },
  };
}

/** The message with another trace context. */
export function withTraceparent(message: OutgoingMessage, traceparent: string): OutgoingMessage {
  const { properties } = message;
  return {
    ...message,
    properties: { ...properties, headers: { ...properties.headers, traceparent } },
  };
}

/** The attributes of a message received. */
export function attributesOf({ headers }: MessageProperties): EventAttributes {
  const read = (name: string) => textHeader(headers, `${PREFIX}${name}`);
  return { type: read('type'), id: read('id'), subject: read('subject'), time: read('time') };
}

/** A header's text; undefined where it is missing or not text. */
export function textHeader(
  headers: MessagePropertyHeaders | undefined,
  name: string,
): string | undefined {
  const value: unknown = headers?.[name];
  return typeof value === 'string' ? value : undefined;
}
