import { AGENT_CONFIG, loadConfig, newId } from '@askflash/config';
import {
  AGENT_HEARTBEAT,
  STAGE_COMPLETED,
  STAGE_FAILED,
  STAGE_REQUESTED,
  taskView,
  type AgentHeartbeat,
  type StageCompleted,
  type StageFailed,
  type StageRequested,
} from '@askflash/contracts';
import {
  HEARTBEATS_QUEUE,
  RESULTS_QUEUE,
  acknowledge,
  connectMessaging,
  type Messaging,
} from '@askflash/messaging';
import { connectRedisTasks, type RedisTasks } from '@askflash/redis-tasks';
import {
  createTestBackbone,
  eventually,
  installBackbone,
  type TestBackbone,
} from '@askflash/testing';
import { Module, type INestApplication } from '@nestjs/common';
import { connect } from 'amqplib';
import { z } from 'zod';
import { Agent, NonRetryableError, Stage, startAgent, type StageContext } from '../src';

const words = z.object({ words: z.array(z.string()) });

/** What the agent under test is at, and how the test lets it go on. */
const started: string[] = [];
const work = { started, release: (): void => undefined };

@Agent({ name: 'websearch', queue: 'websearch.task' })
class TestAgent {
  @Stage('web_search', { output: words })
  async search({ query }: StageRequested, context: StageContext) {
    work.started.push(query);
    if (query === 'never') throw new NonRetryableError('No such thing');
    context.progress('searching', 0.5);
    for (const word of query.split(' ')) context.token(word);
    if (query.startsWith('hold')) await new Promise<void>((go) => (work.release = go));
    return { words: query.split(' ') };
  }
}

@Module({ controllers: [TestAgent] })
class TestAgentModule {}

describe('an agent', () => {
  let backbone: TestBackbone;
  let messaging: Messaging;
  let redisTasks: RedisTasks;
  let agent: INestApplication;
  const completed: StageCompleted[] = [];
  const failed: StageFailed[] = [];
  const beats: AgentHeartbeat[] = [];

  const start = (env: Record<string, string> = {}): Promise<INestApplication> =>
    startAgent({
      appName: 'test-agent',
      module: TestAgentModule,
      config: loadConfig(AGENT_CONFIG, {
        ...backbone.env,
        AGENT_HEARTBEAT_INTERVAL_MS: '100',
        AGENT_DRAIN_TIMEOUT_MS: '500',
        LOG_LEVEL: 'silent',
        ...env,
      }),
      instanceId: newId(),
      version: 'test',
    });

  beforeAll(async () => {
    backbone = await createTestBackbone();
    messaging = await connectMessaging({ url: backbone.env.RABBITMQ_URL, appName: 'test' });
    redisTasks = connectRedisTasks({
      url: backbone.env.REDIS_URL,
      keyPrefix: backbone.env.REDIS_KEY_PREFIX,
    });
    await messaging.consumers.consume({
      queue: RESULTS_QUEUE,
      prefetch: 100,
      contracts: [STAGE_COMPLETED, STAGE_FAILED],
      handle: async (message) => {
        if (message.type === 'stage.completed.v1') completed.push(message.payload);
        else failed.push(message.payload);
        return acknowledge();
      },
    });
    await messaging.consumers.consume({
      queue: HEARTBEATS_QUEUE,
      prefetch: 100,
      contracts: [AGENT_HEARTBEAT],
      handle: async ({ payload }) => {
        beats.push(payload);
        return acknowledge();
      },
    });
    agent = await start();
  });

  afterAll(async () => {
    await agent?.close();
    await messaging?.close();
    await redisTasks?.close();
    await backbone?.remove();
  });

  async function request(query: string): Promise<StageRequested> {
    const payload = {
      taskId: newId(),
      stage: 'web_search',
      attempt: 1,
      userId: 'ada',
      query,
      input: {},
      upstream: {},
      timeoutMs: 60_000,
      deadlineAt: new Date(Date.now() + 60_000).toISOString(),
    };
    await messaging.publisher.publish(STAGE_REQUESTED, payload);
    return payload;
  }

  const resultOf = ({ taskId }: StageRequested) =>
    eventually(() => completed.find((result) => result.taskId === taskId));

  it('takes a stage from its queue and reports the output', async () => {
    const asked = await request('two words');
    expect(await resultOf(asked)).toMatchObject({
      stage: 'web_search',
      attempt: 1,
      agent: 'websearch',
      output: { words: ['two', 'words'] },
    });
  });

  it('reports what its handler throws, with its code', async () => {
    const { taskId } = await request('never');
    const report = await eventually(() => failed.find((result) => result.taskId === taskId));
    expect(report.error).toEqual({
      code: 'STAGE_NOT_RETRYABLE',
      message: 'No such thing',
      retryable: false,
    });
  });

  it('runs a request that is delivered twice only once', async () => {
    const asked = await request('once only');
    await resultOf(asked);
    const before = work.started.length;
    await messaging.publisher.publish(STAGE_REQUESTED, asked);
    await messaging.prober.probe('websearch.task', { timeoutMs: 10_000 });
    expect(work.started).toHaveLength(before);
  });

  it('streams progress and tokens to whoever watches the task', async () => {
    const taskId = newId();
    const at = new Date().toISOString();
    const view = taskView.parse({
      id: taskId,
      userId: 'ada',
      query: 'watch me',
      template: { name: 'web_enhanced', version: 1 },
      status: 'in_progress',
      seq: 1,
      stages: [],
      result: null,
      error: null,
      createdAt: at,
      updatedAt: at,
      finishedAt: null,
    });
    const created = {
      taskId,
      seq: 1,
      type: 'task.created' as const,
      stage: null,
      attempt: null,
      at,
      data: {},
    };
    await redisTasks.create(view, [created]);
    await messaging.publisher.publish(STAGE_REQUESTED, {
      ...(await request('unrelated')),
      taskId,
      query: 'watch me',
    });
    const seen: unknown[] = [];
    const done = new AbortController();
    for await (const item of redisTasks.subscribe(taskId, { after: '1-0', signal: done.signal })) {
      if (item.kind === 'event') seen.push(item.event);
      if (seen.length === 2) done.abort();
    }
    expect(seen).toEqual([
      { type: 'progress', stage: 'web_search', attempt: 1, message: 'searching', fraction: 0.5 },
      { type: 'token', stage: 'web_search', attempt: 1, text: 'watchme' },
    ]);
  });

  it('beats with its load', async () => {
    const asked = await request('hold on');
    await eventually(() => work.started.includes('hold on'));
    const beat = await eventually(() => beats.slice(-1).find(({ inFlight }) => inFlight === 1));
    expect(beat).toMatchObject({ agent: 'websearch', status: 'healthy', queue: 'websearch.task' });
    expect(beat.memoryBytes).toBeGreaterThan(1_000_000);
    work.release();
    await resultOf(asked);
  });

  it('finishes what it is at when it is stopped', async () => {
    const finishing = await request('hold and finish');
    await eventually(() => work.started.includes('hold and finish'));
    const stopped = agent.close();
    work.release();
    await stopped;
    expect(await resultOf(finishing)).toBeDefined();
    await eventually(() => beats.at(-1)?.status === 'stopping');
    agent = await start();
  });

  it('gives what it cannot finish to the next instance', async () => {
    const stuck = await request('hold for ever');
    await eventually(() => work.started.includes('hold for ever'));
    await agent.close();
    agent = await start();
    await eventually(() => work.started.filter((query) => query === 'hold for ever').length === 2);
    work.release();
    expect(await resultOf(stuck)).toMatchObject({ attempt: 1 });
  });

  it('refuses to start on a queue that is missing, naming the command to run', async () => {
    const elsewhere = new URL(backbone.env.RABBITMQ_URL);
    elsewhere.pathname = '/';
    await expect(start({ RABBITMQ_URL: elsewhere.href })).rejects.toMatchObject({
      code: 'TOPOLOGY_MISSING',
      remedy: expect.stringContaining('queue-init apply'),
    });
  });

  it('tells its health and its metrics over HTTP', async () => {
    await resultOf(await request('measured'));
    const url = await agent.getUrl();
    const ready = await fetch(`${url}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ok', checks: { rabbitmq: { status: 'up', latencyMs: expect.any(Number) } } },
    ]);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(
      /^agent_stages_total\{stage="web_search",outcome="completed",app="test-agent"\} [1-9]/m,
    );
    expect(metrics).toContain('agent_stage_duration_seconds_count{');
    expect(metrics).toContain('agent_stages_in_flight{');
  });

  it('is not ready, naming its queue, while that is gone', async () => {
    const url = await agent.getUrl();
    const readiness = async () => (await fetch(`${url}/health/ready`)).status;
    const connection = await connect(backbone.env.RABBITMQ_URL);
    await (await connection.createChannel()).deleteQueue('websearch.task');
    await connection.close();
    await eventually(async () => (await readiness()) === 503);
    const report: unknown = await (await fetch(`${url}/health/ready`)).json();
    expect(report).toMatchObject({
      checks: { rabbitmq: { status: 'down', reason: expect.stringContaining('websearch.task') } },
    });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await installBackbone(backbone.env);
    await eventually(async () => (await readiness()) === 200);
  });
});
