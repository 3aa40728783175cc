import { TASK_FINISHED } from '@askflash/contracts';
import { RESPONSES_QUEUE, acknowledge, connectMessaging } from '@askflash/messaging';
import {
  createTestBackbone,
  eventually,
  startTraceCollector,
  type CollectedSpan,
  type TestBackbone,
  type TraceCollector,
} from '@askflash/testing';
import { randomBytes } from 'node:crypto';
import { TestCluster } from './test-cluster';

/** Whoever asks has a trace already. */
function aTrace() {
  const [id, parent] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { id, parent, headers: { traceparent: `00-${id}-${parent}-01` } };
}

/** Spans below one, a line each, those that follow from another further to the right. */
function draw(spans: readonly CollectedSpan[], parent: string, depth = 0): string[] {
  return spans
    .filter(({ parentId }) => parentId === parent)
    .map((span) => ({ span, attempt: span.attributes['askflash.attempt'] ?? '' }))
    .sort((a, b) => (`${a.span.name}${a.attempt}` < `${b.span.name}${b.attempt}` ? -1 : 1))
    .flatMap(({ span: { service, name, failed, spanId }, attempt }) => {
      const words = [service, name, attempt, failed ? 'failed' : ''].filter((word) => word !== '');
      return [`${'  '.repeat(depth)}${words.join(' ')}`, ...draw(spans, spanId, depth + 1)];
    });
}

describe('a backbone that traces', () => {
  let backbone: TestBackbone;
  let collector: TraceCollector;
  let cluster: TestCluster;
  let env: Record<string, string>;

  const spansOf = (traceId: string) => collector.spans.filter((span) => span.traceId === traceId);

  /** Waits until a trace is drawn as expected, and so is one tree; else tells how it is. */
  async function expectTrace({ id, parent }: ReturnType<typeof aTrace>, expected: string[]) {
    const drawn = () => draw(spansOf(id), parent);
    await eventually(() => drawn().length >= expected.length && spansOf(id)).catch(() => undefined);
    expect(drawn()).toEqual(expected);
    expect(spansOf(id)).toHaveLength(expected.length);
  }

  beforeEach(async () => {
    [backbone, collector] = await Promise.all([createTestBackbone(), startTraceCollector()]);
    cluster = new TestCluster(backbone.env);
    env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
      AGENT_HEARTBEAT_INTERVAL_MS: '100',
      AGENT_CONFORMANCE: 'true',
    };
  });

  afterEach(async () => {
    await cluster?.stop();
    await collector?.close();
    await backbone?.remove();
  });

  it('makes a task one trace, from its client through every queue and back, retries included', async () => {
    await cluster.startCoordinator(env);
    cluster.startAgent('embedding', env);
    cluster.startAgent('executor', env);

    const answered = aTrace();
    const id = await cluster.handIn({ userId: 'u', template: 'patient_answer' }, answered.headers);
    await expectTrace(answered, [
      'coordinator POST /tasks',
      '  coordinator send embedding.task 1',
      '    embedding-agent process embedding.task 1',
      '      embedding-agent send mcp.events 1',
      '        coordinator process mcp.results 1',
      '          coordinator send executor.task 1',
      '            executor-agent process executor.task 1',
      '              executor-agent send mcp.events 1',
      '                coordinator process mcp.results 1',
      '                  coordinator send mcp.events',
    ]);
    const span = (name: string, stage = 'executor_reasoning') =>
      spansOf(answered.id).find(
        ({ name: found, attributes }) => found === name && attributes['askflash.stage'] === stage,
      );
    expect(span('send executor.task')).toMatchObject({
      kind: 'producer',
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'mcp.tasks:executor.task',
        'messaging.rabbitmq.destination.routing_key': 'executor.task',
        'askflash.task.id': id,
        'askflash.attempt': 1,
      },
    });
    expect(span('process mcp.results')).toMatchObject({
      kind: 'consumer',
      attributes: {
        'messaging.destination.name': 'mcp.events:stage.completed.executor_reasoning:mcp.results',
        'askflash.task.id': id,
        'askflash.decision': 'acknowledged',
      },
    });
    expect(span('process executor.task')?.attributes['messaging.message.id']).toBe(
      span('send executor.task')?.attributes['messaging.message.id'],
    );

    const failed = aTrace();
    const input = { conformance: { do: 'fail' } };
    await cluster.handIn({ userId: 'u', template: 'patient_lookup', input }, failed.headers);
    await expectTrace(failed, [
      'coordinator POST /tasks',
      '  coordinator send embedding.task 1',
      '    embedding-agent process embedding.task 1 failed',
      '      embedding-agent send mcp.events 1',
      '        coordinator process mcp.results 1',
      '  coordinator send embedding.task 2',
      '    embedding-agent process embedding.task 2 failed',
      '      embedding-agent send mcp.events 2',
      '        coordinator process mcp.results 2',
      '          coordinator send mcp.events',
    ]);

    // Heartbeats are many by now, and whoever looks at health too: nothing of them is traced.
    const others = collector.spans.filter(
      ({ traceId }) => traceId !== answered.id && traceId !== failed.id,
    );
    expect([...new Set(others.map(({ name }) => name))]).toEqual(['PUT /templates/:name']);
  });

  it('keeps the trace of a task whose coordinator crashed before it sent anything', async () => {
    const victim = await cluster.startCoordinator({
      ...env,
      MCP_CRASH_POINT: 'coordinator.after-commit',
    });
    cluster.startAgent('embedding', env);
    const trace = aTrace();
    await cluster.handIn({ userId: 'u', template: 'simple_lookup' }, trace.headers);
    await victim.ended;
    await cluster.startCoordinator(env);
    // The first span died with its process; what was to follow it is in its trace all the same.
    const sent = await eventually(
      () => spansOf(trace.id).find(({ name }) => name === 'send embedding.task'),
      { timeoutMs: 60_000, what: 'the request to be sent again' },
    );
    await expectTrace({ ...trace, parent: sent.parentId }, [
      'coordinator send embedding.task 1',
      '  embedding-agent process embedding.task 1',
      '    embedding-agent send mcp.events 1',
      '      coordinator process mcp.results 1',
      '        coordinator send mcp.events',
    ]);
  });

  it('works on where nobody takes its traces', async () => {
    await collector.close();
    await cluster.startCoordinator(env);
    cluster.startAgents(env);
    await cluster.workThrough('u', 40);
    await cluster.comeToRest();
    expect(await cluster.violations()).toEqual([]);
    await eventually(() => cluster.output.includes('Traces cannot be delivered and are dropped'));
  });
});

describe('a backbone that does not trace', () => {
  it('carries the trace of its client on as it is, and begins none', async () => {
    const backbone = await createTestBackbone();
    const cluster = new TestCluster(backbone.env);
    const messaging = await connectMessaging({
      url: backbone.env.RABBITMQ_URL,
      appName: 'client',
    });
    const ended = new Map<string, string | undefined>();
    await messaging.consumers.consume({
      queue: RESPONSES_QUEUE,
      prefetch: 10,
      contracts: [TASK_FINISHED],
      handle: async ({ payload, traceparent }) => {
        ended.set(payload.taskId, traceparent);
        return acknowledge();
      },
    });
    await cluster.startCoordinator();
    cluster.startAgents();
    const { headers } = aTrace();
    const task = { userId: 'u', template: 'patient_answer' };
    const [traced, untraced] = [await cluster.handIn(task, headers), await cluster.handIn(task)];
    await eventually(() => ended.size === 2);
    expect(ended.get(String(traced))).toBe(headers.traceparent);
    expect(ended.get(String(untraced))).toBeUndefined();
    await cluster.stop();
    await messaging.close();
    await backbone.remove();
  });
});
