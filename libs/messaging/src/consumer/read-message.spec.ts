import { STAGE_COMPLETED, STAGE_FAILED, type StageFailed } from '@askflash/contracts';
import type { ConsumeMessage } from 'amqplib';
import { toMessage } from '../cloud-events';
import { readMessage } from './read-message';

const failed: StageFailed = {
  taskId: '019a0000-0000-7000-8000-000000000001',
  stage: 'moderation',
  attempt: 1,
  agent: 'moderator',
  instanceId: '019a0000-0000-7000-8000-000000000002',
  error: { code: 'X', message: 'y', retryable: false },
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
};

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const { signal } = new AbortController();
const contracts = [STAGE_COMPLETED, STAGE_FAILED];
const byType = new Map(contracts.map((contract) => [contract.type, contract]));

function delivery(headers: Record<string, unknown> = {}, redelivered = false): ConsumeMessage {
  const content = Buffer.from(JSON.stringify(failed));
  const message = toMessage(STAGE_FAILED, failed, content, {
    source: 'moderator',
    options: { messageId: 'm-1', traceparent: TRACEPARENT },
  });
  return {
    content,
    fields: {
      exchange: message.exchange,
      routingKey: message.routingKey,
      deliveryTag: 1,
      consumerTag: 't',
      redelivered,
    },
    properties: {
      ...EMPTY_PROPERTIES,
      headers: { ...message.properties.headers, ...headers },
    },
  };
}

const EMPTY_PROPERTIES = {
  contentType: undefined,
  contentEncoding: undefined,
  deliveryMode: undefined,
  priority: undefined,
  correlationId: undefined,
  replyTo: undefined,
  expiration: undefined,
  messageId: undefined,
  timestamp: undefined,
  type: undefined,
  userId: undefined,
  appId: undefined,
  clusterId: undefined,
};

describe('readMessage', () => {
  it('reads back what was sent, told apart by its type', () => {
    const reading = readMessage(delivery({ 'x-delivery-count': 3 }, true), byType, signal);
    if ('problem' in reading) throw new Error(reading.problem);
    const { message } = reading;
    expect(message).toMatchObject({
      messageId: 'm-1',
      subject: failed.taskId,
      time: expect.stringMatching(/^\d{4}-/),
      traceparent: TRACEPARENT,
      redelivered: true,
      deliveryCount: 3,
    });
    // Types: the payload's type follows from the message's.
    expect(message.type === 'stage.failed.v1' && message.payload.error.code).toBe('X');
    expect(message.type === 'stage.completed.v1' && message.payload.output).toBe(false);
  });

  it.each([
    [{ 'cloudEvents:type': 'stage.failed.v9' }, /^MESSAGE_TYPE_UNKNOWN: .*v9/],
    [{ 'cloudEvents:type': 7 }, /^MESSAGE_TYPE_UNKNOWN: it has no type/],
    [{ 'cloudEvents:type': 'stage.completed.v1' }, /^CONTRACT_VIOLATION: /],
    [{ 'cloudEvents:type': '__proto__' }, /^MESSAGE_TYPE_UNKNOWN/],
  ])('tells why it cannot be read: %j', (headers, problem) => {
    expect(readMessage(delivery(headers), byType, signal)).toEqual({
      problem: expect.stringMatching(problem),
    });
  });

  it('takes a trace context that is none for none', () => {
    const reading = readMessage(delivery({ traceparent: '00-1-2-01' }), byType, signal);
    expect('message' in reading && reading.message).not.toHaveProperty('traceparent');
  });

  it('takes a delivery count that is no number for none', () => {
    const reading = readMessage(delivery({ 'x-delivery-count': 'many' }), byType, signal);
    expect(reading).toMatchObject({ message: { deliveryCount: 0 } });
  });
});
