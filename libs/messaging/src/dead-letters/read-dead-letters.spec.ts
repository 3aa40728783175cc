import type { ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { DEAD_LETTER_HEADERS } from '../consumer/dead-letters';
import { readDeadLetters } from './read-dead-letters';
import { toRedriven } from './to-redriven';

function message(
  headers: Record<string, unknown> | undefined,
  { messageId, content = '{}' }: { messageId?: unknown; content?: string } = {},
): ConsumeMessage {
  return {
    content: Buffer.from(content),
    fields: {
      consumerTag: 'tag',
      deliveryTag: 1,
      redelivered: false,
      exchange: '',
      routingKey: 'mcp.dead_letter',
    },
    properties: {
      contentType: undefined,
      contentEncoding: undefined,
      deliveryMode: undefined,
      priority: undefined,
      correlationId: undefined,
      replyTo: undefined,
      expiration: undefined,
      messageId,
      timestamp: undefined,
      type: undefined,
      userId: undefined,
      appId: undefined,
      clusterId: undefined,
      headers: headers as ConsumeMessage['properties']['headers'],
    },
  };
}

const describeOne = (headers: Record<string, unknown> | undefined) =>
  readDeadLetters([message(headers)])[0]?.letter;

const buried = (reason: string) => describeOne({ [DEAD_LETTER_HEADERS.reason]: reason });

describe('readDeadLetters', () => {
  it.each([
    ['AGENT_GAVE_UP', 'AGENT_GAVE_UP', null],
    ['AGENT_GAVE_UP: two\nlines: x', 'AGENT_GAVE_UP', 'two\nlines: x'],
    ['something odd', 'UNCLASSIFIED', 'something odd'],
    ['', 'UNCLASSIFIED', ''],
  ])('reads the reason %j', (told, reason, detail) => {
    expect(buried(told)).toMatchObject({ reason, detail });
  });

  it('reads the newest of the broker’s deaths', () => {
    const death = (queue: string, seconds: number) => ({
      queue,
      reason: 'delivery_limit',
      exchange: 'mcp.tasks',
      'routing-keys': [queue],
      time: { '!': 'timestamp', value: seconds },
      count: 1,
    });
    expect(
      describeOne({ 'x-death': [death('executor.task', 1_800_000_000), death('intent.task', 1)] }),
    ).toMatchObject({
      reason: 'delivery_limit',
      queue: 'executor.task',
      routingKey: 'executor.task',
      deadAt: '2027-01-15T08:00:00.000Z',
    });
  });

  it('makes do with what the broker says where x-death is missing', () => {
    expect(
      describeOne({ 'x-first-death-queue': 'intent.task', 'x-first-death-reason': 'expired' }),
    ).toMatchObject({ queue: 'intent.task', reason: 'expired', exchange: null });
  });

  it('reads whatever stands in the headers', () => {
    const names = [...Object.values(DEAD_LETTER_HEADERS), 'x-death', 'x-first-death-queue'];
    const headers = fc.option(fc.dictionary(fc.constantFrom(...names), fc.anything()), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(headers, fc.anything()), { maxLength: 5 }), (all) => {
        const messages = all.map(([each, messageId]) => message(each, { messageId }));
        const letters = readDeadLetters(messages).map(({ letter }) => letter);
        expect(new Set(letters.map(({ id }) => id)).size).toBe(messages.length);
        expect(letters.every(({ reason }) => typeof reason === 'string')).toBe(true);
      }),
    );
  });

  it('gives each an id of its own, also where one looks like another’s', () => {
    const ids = ['a', 'a#2', 'a', 'a#2', 'a', 'a#3'].map((messageId) => message({}, { messageId }));
    const letters = readDeadLetters(ids);
    expect(new Set(letters.map(({ letter }) => letter.id)).size).toBe(6);
    expect(letters.filter(({ messageId }) => messageId === 'a')).toHaveLength(3);
  });

  it('orders them by age, whatever order they come in', () => {
    const at = (minute: number) =>
      message(
        {
          [DEAD_LETTER_HEADERS.reason]: 'X',
          [DEAD_LETTER_HEADERS.deadAt]: `2026-01-01T00:0${minute}:00.000Z`,
        },
        { messageId: `m-${minute}` },
      );
    const ids = (messages: ConsumeMessage[]) => readDeadLetters(messages).map((l) => l.letter.id);
    expect(ids([at(3), at(1), at(2)])).toEqual(['m-1', 'm-2', 'm-3']);
    expect(ids([at(2), at(3), at(1)])).toEqual(['m-1', 'm-2', 'm-3']);
  });
});

describe('toRedriven', () => {
  it('keeps what is the sender’s, and drops what tells of the death or routes a copy', () => {
    const { properties, ...rest } = toRedriven(
      message({
        traceparent: 'kept',
        CC: ['elsewhere'],
        'x-death': [],
        'x-last-death-queue': 'intent.task',
        [DEAD_LETTER_HEADERS.reason]: 'X',
        'x-mcp-redrive-count': 2,
      }),
      { messageId: 'm-1', queue: 'intent.task' },
    );
    expect(properties.headers).toEqual({ traceparent: 'kept', 'x-mcp-redrive-count': 3 });
    expect(properties.persistent).toBe(true);
    expect(rest).toMatchObject({ exchange: '', routingKey: 'intent.task', messageId: 'm-1' });
  });
});
