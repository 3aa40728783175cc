import { TRACING_CONFIG, loadConfig } from '@askflash/config';
import { startHttpServer } from '@askflash/testing';
import { Module } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import type { ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { createHttpApp } from '../http/create-http-app';
import { createLogger } from '../logging/create-logger';
import { startTracing } from './start-tracing';

const NOWHERE = 'http://127.0.0.1:1';

function start(variables: Record<string, string>) {
  return startTracing({ appName: 'things', config: loadConfig(TRACING_CONFIG, variables) });
}

@Module({})
class EmptyModule {}

describe('startTracing', () => {
  it.each([
    [{}],
    [{ OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: NOWHERE }],
    [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: NOWHERE }],
  ])('starts nothing with %j', async (variables) => {
    expect(await start(variables)).toBeUndefined();
    expect(trace.getTracer('t').startSpan('s').isRecording()).toBe(false);
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'otlp' }],
    [{ OTEL_TRACES_EXPORTER: 'console' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: NOWHERE }],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${NOWHERE}/traces` }],
  ])('traces with %j, until it is stopped', async (variables) => {
    const tracing = await start(variables);
    expect(trace.getTracer('t').startSpan('s').isRecording()).toBe(true);
    await tracing?.stop();
    expect(trace.getTracer('t').startSpan('s').isRecording()).toBe(false);
  });

  it('sends what waits when it is stopped, with the headers and to the place given', async () => {
    const received: unknown[] = [];
    const server = await startHttpServer((request, response) => {
      received.push([request.url, request.headers['api-key'], request.headers['content-type']]);
      request.resume().on('end', () => response.end());
    });
    const tracing = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${server.url}/otlp/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2',
    });
    trace.getTracer('t').startSpan('s').end();
    await tracing?.stop();
    expect(received).toEqual([['/otlp/v1/traces', 'hunter2', 'application/x-protobuf']]);
    await server.close();
  });

  it('ends in time where the endpoint never answers', async () => {
    const unanswered: ServerResponse[] = [];
    const server = await startHttpServer((_request, response) => unanswered.push(response));
    const tracing = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: server.url });
    trace.getTracer('t').startSpan('s').end();
    await expect(tracing?.stop()).resolves.toBeUndefined();
    expect(unanswered).toHaveLength(1);
    // So that it does not try again when the test is over.
    for (const response of unanswered) response.writeHead(400).end();
    await server.close();
  });

  it('ends with its app', async () => {
    const config = loadConfig(TRACING_CONFIG, { OTEL_EXPORTER_OTLP_ENDPOINT: NOWHERE });
    const app = await createHttpApp(EmptyModule, {
      appName: 'things',
      level: 'silent',
      tracing: { config },
    });
    await app.init();
    expect(trace.getTracer('t').startSpan('s').isRecording()).toBe(true);
    await app.close();
    expect(trace.getTracer('t').startSpan('s').isRecording()).toBe(false);
  });

  it('tells in the log what trace a line belongs to', async () => {
    const lines: string[] = [];
    const destination = new Writable({
      write: (line, _encoding, done) => {
        lines.push(String(line));
        done();
      },
    });
    const logger = createLogger({ appName: 'things', level: 'info', destination });
    const tracing = await start({ OTEL_TRACES_EXPORTER: 'otlp' });
    const span = trace.getTracer('t').startSpan('s');
    context.with(trace.setSpan(context.active(), span), () => logger.info('inside'));
    logger.info('outside');
    const { traceId: trace_id, spanId: span_id } = span.spanContext();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'inside', trace_id, span_id });
    expect(JSON.parse(lines[1] ?? '')).not.toHaveProperty('trace_id');
    await tracing?.stop();
  });
});
