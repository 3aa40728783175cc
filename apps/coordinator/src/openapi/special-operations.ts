import type { OpenAPIObject } from '@nestjs/swagger';
import { EVENTS_EXAMPLE } from './examples';
import { WHY_TEXT_EXAMPLE } from './why-example';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const json = (description: string, schema: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});

/** Operations of which their decorators cannot tell all: libraries’ own, and streams. */
export const SPECIAL_OPERATIONS: Readonly<Record<string, Partial<Operation>>> = {
  healthLive: {
    summary: 'Whether the process runs',
    responses: { 200: json('It runs', 'Liveness') },
  },
  healthReady: {
    summary: 'Whether it can work: PostgreSQL, RabbitMQ and its own engine',
    responses: {
      200: json('It can', 'HealthReport'),
      503: json('It can not; each check tells why and what to do', 'HealthReport'),
    },
  },
  metricsMetrics: {
    operationId: 'metrics',
    summary: 'Metrics in Prometheus’ text format',
    responses: {
      200: {
        description: 'Metrics',
        content: { 'text/plain': { schema: { type: 'string' } } },
      },
    },
  },
  whyExplain: {
    description:
      'JSON, or plain text where `Accept: text/plain` asks for it. RabbitMQ and Redis may be away: what they do not tell within a second is left out, or told as a cause.',
    responses: {
      200: {
        description: 'As of now',
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Explanation' } },
          'text/plain': { schema: { type: 'string' }, example: WHY_TEXT_EXAMPLE },
        },
      },
    },
  },
  tasksEvents: {
    description:
      'First what has happened, then what happens. `event:` is the type, `data:` a `TaskEvent` (numbered, none is ever missing) or a `ProgressEvent` or `TokenEvent` (may be lost), `id:` what to send as `Last-Event-ID` to go on after it. Comments keep the connection alive. A browser’s `EventSource` sends no key: use `fetch`.',
    responses: {
      200: {
        description: 'Ends after the event `task.finished`',
        content: { 'text/event-stream': { schema: { type: 'string' }, example: EVENTS_EXAMPLE } },
      },
    },
  },
};
