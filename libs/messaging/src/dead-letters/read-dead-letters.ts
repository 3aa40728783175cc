import type { ConsumeMessage, MessagePropertyHeaders } from 'amqplib';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { attributesOf, textHeader } from '../cloud-events';
import { DEAD_LETTER_HEADERS } from '../consumer/dead-letters';
import type { DeadLetter } from './dead-letter-queue';
import { REDRIVE_COUNT_HEADER } from './to-redriven';

const PREVIEW_BYTES = 1_000;

/** Of what a Date can hold. */
const LAST_SECOND = 8_640_000_000_000;

/** A reason that an app gave: `CODE: words`, or words alone. */
const CODED_REASON = /^([A-Z][A-Z0-9_]*)(?:: (.*))?$/s;

/** What the broker writes, newest first, each time a queue dead-letters a message. */
const deaths = z.array(
  z.object({
    queue: z.string(),
    reason: z.string(),
    exchange: z.string().optional(),
    'routing-keys': z.array(z.string()).optional(),
    /** amqplib's form of a timestamp, in seconds. */
    time: z.object({ '!': z.literal('timestamp'), value: z.int().max(LAST_SECOND) }).optional(),
    count: z.number().optional(),
  }),
);

/** A dead letter and the message it describes. */
export interface ReadDeadLetter {
  readonly letter: DeadLetter;
  readonly message: ConsumeMessage;
  /** Under which it is published again. */
  readonly messageId: string;
}

/** Describes messages of the dead-letter queue, oldest first, under ids that tell each from all others. */
export function readDeadLetters(messages: readonly ConsumeMessage[]): ReadDeadLetter[] {
  const read = messages.map((message) => ({ letter: describe(message), message }));
  read.sort((one, other) => compare(orderOf(one.letter), orderOf(other.letter)));
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  return read.map(({ letter, message }) => {
    const { id: messageId } = letter;
    let count = (counts.get(messageId) ?? 0) + 1;
    let id = count === 1 ? messageId : `${messageId}#${count}`;
    while (taken.has(id)) id = `${messageId}#${(count += 1)}`;
    counts.set(messageId, count);
    taken.add(id);
    return { letter: { ...letter, id }, message, messageId };
  });
}

/** By age, then by id: the same every time, in whatever order the broker hands them out. */
function orderOf({ deadAt, id }: DeadLetter): string {
  return `${deadAt ?? ''} ${id}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function describe({ content, properties }: ConsumeMessage): DeadLetter {
  const { type, subject, time } = attributesOf(properties);
  const messageId: unknown = properties.messageId;
  const { headers } = properties;
  return {
    id: typeof messageId === 'string' && messageId !== '' ? messageId : digestOf(content),
    type: type ?? null,
    subject: subject ?? null,
    ...(deathByApp(headers) ?? deathByBroker(headers, time)),
    redriveCount: numberHeader(headers, REDRIVE_COUNT_HEADER),
    bytes: content.length,
    bodyPreview: content.subarray(0, PREVIEW_BYTES).toString('utf8'),
  };
}

type Death = Pick<
  DeadLetter,
  | 'reason'
  | 'detail'
  | 'queue'
  | 'exchange'
  | 'routingKey'
  | 'deadAt'
  | 'firstSeenAt'
  | 'deliveryCount'
>;

/** A consumer put it there, with headers of its own. */
function deathByApp(headers: MessagePropertyHeaders | undefined): Death | undefined {
  const read = (name: keyof typeof DEAD_LETTER_HEADERS) =>
    textHeader(headers, DEAD_LETTER_HEADERS[name]) ?? null;
  const told = read('reason');
  if (told === null) return undefined;
  const [, code, words] = CODED_REASON.exec(told) ?? [];
  return {
    reason: code ?? 'UNCLASSIFIED',
    detail: code === undefined ? told : (words ?? null),
    queue: read('queue'),
    exchange: read('exchange'),
    routingKey: read('routingKey'),
    deadAt: read('deadAt'),
    firstSeenAt: read('firstSeenAt'),
    deliveryCount: numberHeader(headers, DEAD_LETTER_HEADERS.deliveryCount),
  };
}

/** The broker put it there, by the policy of the queue it was in; or nobody knows who. */
function deathByBroker(
  headers: MessagePropertyHeaders | undefined,
  publishedAt: string | undefined,
): Death {
  const death = deaths.safeParse(headers?.['x-death']).data?.[0];
  return {
    reason: death?.reason ?? textHeader(headers, 'x-first-death-reason') ?? 'unknown',
    detail: null,
    queue: death?.queue ?? textHeader(headers, 'x-first-death-queue') ?? null,
    exchange: death?.exchange ?? textHeader(headers, 'x-first-death-exchange') ?? null,
    routingKey: death?.['routing-keys']?.[0] ?? null,
    deadAt: death?.time ? new Date(death.time.value * 1000).toISOString() : null,
    firstSeenAt: publishedAt ?? null,
    deliveryCount: numberHeader(headers, 'x-delivery-count'),
  };
}

function numberHeader(headers: MessagePropertyHeaders | undefined, name: string): number {
  const value: unknown = headers?.[name];
  return typeof value === 'number' ? value : 0;
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
