import { eventually } from '@askflash/testing';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Registry } from 'prom-client';
import { acknowledge, connectMessaging, retryLater, type Messaging } from '../src';
import { createTestBroker, type TestBroker } from './broker';
import { QUIET, REQUEST, stageRequest } from './messages';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const QUEUE = 'intent.task';

describe('messages in a process that traces', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const registry = new Registry();
  let broker: TestBroker;
  let messaging: Messaging;

  beforeAll(async () => {
    provider.register({ propagator: new W3CTraceContextPropagator() });
    broker = await createTestBroker();
    messaging = await connectMessaging({
      url: broker.url,
      appName: 'test',
      logger: QUIET,
      registry,
    });
  });
  afterEach(() => exporter.reset());
  afterAll(async () => {
    await messaging.close();
    await broker.delete();
    await provider.shutdown();
  });

  const spans = () =>
    exporter.getFinishedSpans().map((span) => ({
      name: span.name,
      id: span.spanContext().spanId,
      parent: span.parentSpanContext?.spanId,
      trace: span.spanContext().traceId,
      span,
    }));
  const countOf = async (name: string) => {
    const values = (await registry.getSingleMetric(name)?.get())?.values ?? [];
    return Object.fromEntries(
      values.map(({ labels, value }) => [labels['decision'] ?? labels['outcome'] ?? '', value]),
    );
  };

  it('are one trace, in which handlers and what they call have their place', async () => {
    const tracer = trace.getTracer('a handler');
    const consumer = await messaging.consumers.consume({
      queue: QUEUE,
      prefetch: 1,
      contracts: [REQUEST],
      handle: async ({ deliveryCount, traceparent }) => {
        tracer.startActiveSpan('think', (span) => span.end());
        if (deliveryCount === 0) return retryLater(0);
        expect(traceparent?.split('-')[2]).toBe(trace.getActiveSpan()?.spanContext().spanId);
        return acknowledge();
      },
    });
    await messaging.publisher.publish(REQUEST, stageRequest({}), { traceparent: TRACEPARENT });
    await eventually(() => spans().length === 5);
    await consumer.stop(1_000);

    const [sent] = spans().filter(({ name }) => name === 'send intent.task');
    expect(sent).toMatchObject({ trace: TRACE_ID, parent: 'b7ad6b7169203331' });
    const processed = spans().filter(({ name }) => name === 'process intent.task');
    expect(processed).toMatchObject([
      { parent: sent?.id, span: { attributes: { 'askflash.decision': 'retried' } } },
      { parent: sent?.id, span: { attributes: { 'askflash.decision': 'acknowledged' } } },
    ]);
    expect(processed[0]?.span.kind).toBe(SpanKind.CONSUMER);
    const thoughts = spans().filter(({ name }) => name === 'think');
    expect(thoughts.map(({ parent }) => parent)).toEqual(processed.map(({ id }) => id));
    expect(await countOf('messaging_published_total')).toEqual({ confirmed: 1 });
    expect(await countOf('messaging_consumed_total')).toEqual({ retried: 1, acknowledged: 1 });
    expect(await countOf('messaging_redelivered_total')).toEqual({ '': 1 });
  });

  it('are left alone where they belong to no trace, and probes are not even counted', async () => {
    registry.resetMetrics();
    const handled: string[] = [];
    const consumer = await messaging.consumers.consume({
      queue: QUEUE,
      prefetch: 1,
      contracts: [REQUEST],
      handle: async ({ messageId, traceparent }) => {
        expect(traceparent).toBeUndefined();
        handled.push(messageId);
        return acknowledge();
      },
    });
    await eventually(() => consumer.state === 'consuming');
    await messaging.prober.probe(QUEUE, { timeoutMs: 5_000 });
    expect(await countOf('messaging_consumed_total')).toEqual({});
    await messaging.publisher.publish(REQUEST, stageRequest({}));
    await eventually(async () => (await countOf('messaging_consumed_total'))['acknowledged']);
    await consumer.stop(1_000);
    expect(handled).toHaveLength(1);
    expect(await countOf('messaging_published_total')).toEqual({ confirmed: 1 });
    expect(spans()).toEqual([]);
  });

  it('tell in their span that their handler threw, or that no queue took them', async () => {
    const consumer = await messaging.consumers.consume({
      queue: QUEUE,
      prefetch: 1,
      contracts: [REQUEST],
      handle: async ({ deliveryCount }) => {
        if (deliveryCount === 0) throw new TypeError('no such thing');
        return acknowledge();
      },
    });
    const options = { traceparent: TRACEPARENT };
    await messaging.publisher.publish(REQUEST, stageRequest({}), options);
    await eventually(() => spans().length === 3);
    await consumer.stop(1_000);
    const threw = spans().find(({ span }) => span.status.code === SpanStatusCode.ERROR);
    expect(threw).toMatchObject({
      name: 'process intent.task',
      span: { attributes: { 'error.type': 'TypeError' }, status: { message: 'no such thing' } },
    });

    exporter.reset();
    await broker.deleteQueue(QUEUE);
    await expect(messaging.publisher.publish(REQUEST, stageRequest({}), options)).rejects.toThrow();
    expect(spans()).toMatchObject([
      { name: 'send intent.task', span: { attributes: { 'error.type': 'PUBLISH_UNROUTABLE' } } },
    ]);
    expect(await countOf('messaging_published_total')).toMatchObject({ unroutable: 1 });
  });
});
