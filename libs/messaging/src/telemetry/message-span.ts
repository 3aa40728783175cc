import { BackboneError, type Contract, type PayloadOf } from '@askflash/contracts';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  context,
  isSpanContextValid,
  propagation,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { ConsumeMessage } from 'amqplib';
import { textHeader } from '../cloud-events';
import type { Decision } from '../consumer/decision';
import type { OutgoingMessage } from '../publisher/confirmed-sender';
import { EVENTS_EXCHANGE } from '../topology/topology';
import { decisionName } from './messaging-metrics';

const tracer = trace.getTracer('@askflash/messaging');

/**
 * A message's part of a trace, by OpenTelemetry's semantic conventions for messaging. Only a message
 * that carries a trace context has one, and only where the process traces: no trace begins here.
 * https://opentelemetry.io/docs/specs/semconv/messaging/rabbitmq/
 */
export class MessageSpan {
  private constructor(
    private readonly span: Span,
    private readonly context: Context,
  ) {}

  /** The span of sending a message; undefined where it is not traced. */
  static send(message: OutgoingMessage, payload: PayloadOf<Contract>): MessageSpan | undefined {
    const { exchange, routingKey, messageId, content, properties } = message;
    const traceparent = textHeader(properties.headers, 'traceparent');
    if (traceparent === undefined) return undefined;
    // Routing keys of events name a stage: the span's name must not.
    const place = exchange === EVENTS_EXCHANGE ? exchange : routingKey;
    return MessageSpan.start(traceparent, `send ${place}`, SpanKind.PRODUCER, {
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': destination(exchange, routingKey),
      'messaging.rabbitmq.destination.routing_key': routingKey,
      'messaging.message.id': messageId,
      'messaging.message.body.size': content.length,
      ...attributesOfTask(payload),
    });
  }

  /** The span of handling a message; undefined where it is not traced. */
  static process(
    queue: string,
    { fields, content }: Pick<ConsumeMessage, 'fields' | 'content'>,
    message: { traceparent?: string; messageId: string; payload: PayloadOf<Contract> },
  ): MessageSpan | undefined {
    const { traceparent, messageId, payload } = message;
    if (traceparent === undefined) return undefined;
    const { exchange, routingKey } = fields;
    return MessageSpan.start(traceparent, `process ${queue}`, SpanKind.CONSUMER, {
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': destination(exchange, routingKey, queue),
      'messaging.rabbitmq.destination.routing_key': routingKey,
      'messaging.message.id': messageId,
      'messaging.message.body.size': content.length,
      ...attributesOfTask(payload),
    });
  }

  private static start(
    traceparent: string,
    name: string,
    kind: SpanKind,
    attributes: Attributes,
  ): MessageSpan | undefined {
    const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
    const span = tracer.startSpan(
      name,
      { kind, attributes: { 'messaging.system': 'rabbitmq', ...attributes } },
      parent,
    );
    const isTraced = isSpanContextValid(span.spanContext());
    return isTraced ? new MessageSpan(span, trace.setSpan(parent, span)) : undefined;
  }

  /** Trace context of what follows from the message. */
  get traceparent(): string {
    const carrier: { traceparent?: string } = {};
    propagation.inject(this.context, carrier);
    return carrier.traceparent ?? '';
  }

  /** Runs work inside the span, so that spans of what it calls become its children. */
  run<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  /** Ends it in order. */
  end(decision?: Decision): void {
    if (decision) this.span.setAttribute('askflash.decision', decisionName(decision));
    if (decision?.kind === 'dead-letter') {
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: decision.reason });
    }
    this.span.end();
  }

  /** Ends it with what went wrong. */
  fail(error: unknown): void {
    this.span.setAttribute('error.type', typeOf(error));
    this.span.setStatus({
      code: SpanStatusCode.ERROR,
      message: error instanceof Error ? error.message : String(error),
    });
    this.span.end();
  }
}

function typeOf(error: unknown): string {
  if (error instanceof BackboneError) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/** Names that are empty or doubled are left out, as the conventions have it. */
function destination(...names: readonly string[]): string {
  return [...new Set(names)].filter((name) => name !== '').join(':');
}

/** Which task a payload is about, and which attempt at which of its stages. */
function attributesOfTask(payload: unknown): Attributes {
  if (typeof payload !== 'object' || payload === null) return {};
  return {
    ...('taskId' in payload ? { 'askflash.task.id': String(payload.taskId) } : {}),
    ...('stage' in payload ? { 'askflash.stage': String(payload.stage) } : {}),
    ...('attempt' in payload ? { 'askflash.attempt': Number(payload.attempt) } : {}),
  };
}
