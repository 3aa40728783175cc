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
import { createMicroservice } from '@askflash/service-kit';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { Module, type INestMicroservice } from '@nestjs/common';
import { z } from 'zod';
import { Agent, AgentServer, NonRetryableError, Stage, type StageContext } from '../src';
import { StageExceptionFilter } from '../src/stage-exception.filter';

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
  let agent: INestMicroservice;
  const completed: StageCompleted[] = [];
  const failed: StageFailed[] = [];
  const beats: AgentHeartbeat[] = [];

  async function startAgent(): Promise<INestMicroservice> {
    const config = loadConfig(AGENT_CONFIG, {
      ...backbone.env,
      AGENT_HEARTBEAT_INTERVAL_MS: '100',
      AGENT_DRAIN_TIMEOUT_MS: '500',
    });
    const strategy = new AgentServer({ config, instanceId: newId(), version: 'test' });
    const app = await createMicroservice(TestAgentModule, {
      appName: 'test-agent',
      level: 'silent',
      strategy,
    });
    app.useGlobalFilters(new StageExceptionFilter());
    await app.listen();
    return app;
  }

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
    agent = await startAgent();
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
    const beat = await eventually(() => beats.find(({ inFlight }) => inFlight === 1));
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
    agent = await startAgent();
  });

  it('gives what it cannot finish to the next instance', async () => {
    const stuck = await request('hold for ever');
    await eventually(() => work.started.includes('hold for ever'));
    await agent.close();
    agent = await startAgent();
    await eventually(() => work.started.filter((query) => query === 'hold for ever').length === 2);
    work.release();
    expect(await resultOf(stuck)).toMatchObject({ attempt: 1 });
  });

  it('refuses to start on a queue that is missing, naming the command to run', async () => {
    const elsewhere = new URL(backbone.env.RABBITMQ_URL);
    elsewhere.pathname = '/';
    const config = loadConfig(AGENT_CONFIG, { ...backbone.env, RABBITMQ_URL: elsewhere.href });
    const strategy = new AgentServer({ config, instanceId: newId(), version: 'test' });
    const app = await createMicroservice(TestAgentModule, {
      appName: 'lost-agent',
      level: 'silent',
      strategy,
    });
    await expect(app.listen()).rejects.toMatchObject({
      code: 'TOPOLOGY_MISSING',
      remedy: expect.stringContaining('queue-init apply'),
    });
    await app.close();
  });
});
