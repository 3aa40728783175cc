import { Body, Controller, Get, Module, Param, Post, Res } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { FastifyReply } from 'fastify';
import { createHttpApp } from '../http/create-http-app';
import { MetricsModule } from '../metrics/metrics.module';
import { traceRequests } from './trace-requests';
import { Traceparent } from './traceparent.decorator';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = `00-${TRACE_ID}-b7ad6b7169203331-01`;

@Controller()
class ThingsController {
  @Post('things/:id')
  make(@Body() body: object, @Traceparent() traceparent: string | undefined) {
    const active = trace.getActiveSpan()?.spanContext().spanId;
    return { body, traceparent: traceparent ?? null, active: active ?? null };
  }

  @Get('broken/:id')
  broken(@Param('id') id: string) {
    throw new Error(`No ${id}`);
  }

  @Get('stream')
  stream(@Res() reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\n');
  }
}

@Module({
  imports: [MetricsModule.register({ appName: 'things' })],
  controllers: [ThingsController],
})
class ThingsModule {}

async function start(prepare: (app: NestFastifyApplication) => void = () => undefined) {
  const app = await createHttpApp(ThingsModule, { appName: 'things', level: 'silent' });
  prepare(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const post = async (headers: Record<string, string> = {}): Promise<unknown> => {
    const response = await fetch(`${url}/things/7?secret=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{"a":1}',
    });
    return response.json();
  };
  return { app, url, post };
}

describe('requests of an app that does not trace', () => {
  it('carry the trace of their client on as it is, and none that is malformed', async () => {
    const { app, post } = await start();
    expect(await post({ traceparent: CLIENT })).toMatchObject({
      traceparent: CLIENT,
      active: null,
    });
    expect(await post({ traceparent: `${CLIENT}-x` })).toMatchObject({ traceparent: null });
    expect(await post()).toMatchObject({ traceparent: null });
    await app.close();
  });
});

describe('requests of an app that traces', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  let running: Awaited<ReturnType<typeof start>>;

  beforeAll(async () => {
    provider.register({ propagator: new W3CTraceContextPropagator() });
    running = await start((app) => traceRequests(app.getHttpAdapter().getInstance()));
  });
  afterEach(() => exporter.reset());
  afterAll(async () => {
    await running.app.close();
    await provider.shutdown();
  });

  it('are spans of their client’s trace, inside which their handlers run', async () => {
    const answer = await running.post({ traceparent: CLIENT });
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({
      name: 'POST /things/:id',
      kind: SpanKind.SERVER,
      parentSpanContext: { traceId: TRACE_ID, spanId: 'b7ad6b7169203331' },
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/things/:id',
        'http.response.status_code': 201,
        'url.path': '/things/7',
        'url.scheme': 'http',
      },
    });
    const spanId = span?.spanContext().spanId;
    expect(answer).toEqual({
      body: { a: 1 },
      traceparent: `00-${TRACE_ID}-${spanId}-01`,
      active: spanId,
    });
  });

  it('begin a trace where their client tells none', async () => {
    await running.post();
    expect(exporter.getFinishedSpans()[0]?.parentSpanContext).toBeUndefined();
  });

  it('that fail are errors, and one that no route takes is told by its method alone', async () => {
    await fetch(`${running.url}/broken/7`);
    await fetch(`${running.url}/nowhere`);
    expect(exporter.getFinishedSpans()).toMatchObject([
      {
        name: 'GET /broken/:id',
        attributes: { 'error.type': '500' },
        status: { code: SpanStatusCode.ERROR },
      },
      { name: 'GET', attributes: { 'http.response.status_code': 404 }, status: { code: 0 } },
    ]);
  });

  it('for metrics are none', async () => {
    await fetch(`${running.url}/metrics`);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});

describe('the metrics of requests', () => {
  it('go by the pattern of the route, streams left out', async () => {
    const { app, url, post } = await start();
    await post();
    await (await fetch(`${url}/stream`)).text();
    await fetch(`${url}/nowhere/7`);
    const text = await (await fetch(`${url}/metrics`)).text();
    const counts = text
      .split('\n')
      .filter((line) => line.startsWith('http_requests_duration_seconds_count'));
    expect(counts).toEqual([
      'http_requests_duration_seconds_count{app="things",method="POST",route="/things/:id",status="201"} 1',
      'http_requests_duration_seconds_count{app="things",method="GET",route="unmatched",status="404"} 1',
    ]);
    await app.close();
  });
});
