import { STAGE_COMPLETED, STAGE_REQUESTED, type StageRequested } from '@askflash/contracts';
import { SpanKind, SpanStatusCode, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { toMessage } from '../cloud-events';
import { deadLetter, retryLater } from '../consumer/decision';
import { PublishRejectedError } from '../errors';
import { MessageSpan } from './message-span';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${PARENT_ID}-01`;

const request: StageRequested = {
  taskId: '019a0000-0000-7000-8000-000000000001',
  stage: 'executor_reasoning',
  attempt: 2,
  userId: 'u',
  query: 'q',
  input: {},
  upstream: {},
  timeoutMs: 1_000,
  deadlineAt: '2026-01-01T00:00:00.000Z',
};

function messageOf(traceparent?: string) {
  return toMessage(STAGE_REQUESTED, request, Buffer.from('{}'), {
    source: 'coordinator',
    options: { messageId: 'm-1', ...(traceparent === undefined ? {} : { traceparent }) },
  });
}

function deliveryOf(exchange: string, routingKey: string) {
  const fields = { exchange, routingKey, deliveryTag: 1, consumerTag: 't', redelivered: false };
  return { fields, content: Buffer.from('{}') };
}

describe('MessageSpan', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

  it('is nothing where the process does not trace', () => {
    expect(MessageSpan.send(messageOf(TRACEPARENT), request)).toBeUndefined();
  });

  describe('in a process that traces', () => {
    beforeAll(() => {
      trace.setGlobalTracerProvider(provider);
      propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    });
    afterEach(() => exporter.reset());
    afterAll(() => {
      trace.disable();
      propagation.disable();
    });

    it('is nothing for a message that belongs to no trace', () => {
      expect(MessageSpan.send(messageOf(), request)).toBeUndefined();
    });

    it('tells of a message sent, and what follows from it', () => {
      const span = MessageSpan.send(messageOf(TRACEPARENT), request);
      span?.end();
      const [finished] = exporter.getFinishedSpans();
      expect(finished).toMatchObject({
        name: 'send executor.task',
        kind: SpanKind.PRODUCER,
        parentSpanContext: { traceId: TRACE_ID, spanId: PARENT_ID },
        attributes: {
          'messaging.system': 'rabbitmq',
          'messaging.operation.name': 'send',
          'messaging.operation.type': 'send',
          'messaging.destination.name': 'mcp.tasks:executor.task',
          'messaging.rabbitmq.destination.routing_key': 'executor.task',
          'messaging.message.id': 'm-1',
          'messaging.message.body.size': 2,
          'askflash.task.id': request.taskId,
          'askflash.stage': 'executor_reasoning',
          'askflash.attempt': 2,
        },
      });
      expect(span?.traceparent).toBe(`00-${TRACE_ID}-${finished?.spanContext().spanId}-01`);
    });

    it('keeps the stage out of the name of an event’s span', () => {
      const completed = {
        taskId: request.taskId,
        stage: 'executor_reasoning',
        attempt: 2,
        agent: 'executor',
        instanceId: request.taskId,
        startedAt: '2026-01-01T00:00:00.000Z',
        durationMs: 1,
        output: {},
      };
      const message = toMessage(STAGE_COMPLETED, completed, Buffer.from('{}'), {
        source: 'executor-agent',
        options: { traceparent: TRACEPARENT },
      });
      MessageSpan.send(message, completed)?.end();
      expect(exporter.getFinishedSpans()[0]).toMatchObject({
        name: 'send mcp.events',
        attributes: {
          'messaging.destination.name': 'mcp.events:stage.completed.executor_reasoning',
        },
      });
    });

    it.each([
      ['mcp.tasks', 'executor.task', 'executor.task', 'mcp.tasks:executor.task'],
      ['mcp.events', 'stage.failed.x', 'mcp.results', 'mcp.events:stage.failed.x:mcp.results'],
      ['', 'executor.task', 'executor.task', 'executor.task'],
    ])('tells of a message from %j by %s in %s', (exchange, key, queue, destination) => {
      const message = { traceparent: TRACEPARENT, messageId: 'm-1', payload: request };
      MessageSpan.process(queue, deliveryOf(exchange, key), message)?.end(retryLater(5));
      expect(exporter.getFinishedSpans()[0]).toMatchObject({
        name: `process ${queue}`,
        kind: SpanKind.CONSUMER,
        attributes: {
          'messaging.operation.type': 'process',
          'messaging.destination.name': destination,
          'askflash.decision': 'retried',
        },
      });
    });

    it('fails with the error’s code, or with why its message is dead', () => {
      const fields = { exchange: 'mcp.tasks', routingKey: 'executor.task', messageId: 'm-1' };
      MessageSpan.send(messageOf(TRACEPARENT), request)?.fail(new PublishRejectedError(fields));
      MessageSpan.send(messageOf(TRACEPARENT), request)?.end(deadLetter('No such task'));
      expect(exporter.getFinishedSpans()).toMatchObject([
        {
          attributes: { 'error.type': 'PUBLISH_REJECTED' },
          status: { code: SpanStatusCode.ERROR },
        },
        {
          attributes: { 'askflash.decision': 'dead_lettered' },
          status: { code: SpanStatusCode.ERROR, message: 'No such task' },
        },
      ]);
    });

    it('leaves a trace that is not sampled so, and carries it on', () => {
      const span = MessageSpan.send(messageOf(`00-${TRACE_ID}-${PARENT_ID}-00`), request);
      span?.end();
      expect(exporter.getFinishedSpans()).toEqual([]);
      expect(span?.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
    });
  });
});
