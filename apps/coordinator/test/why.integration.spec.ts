import { newId } from '@askflash/config';
import { AGENTS, STAGE_REQUESTED } from '@askflash/contracts';
import { acknowledge, connectMessaging, type Messaging } from '@askflash/messaging';
import { connectRedisTasks } from '@askflash/redis-tasks';
import { makeApiKey } from '@askflash/service-kit';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { askWhy, endsOf, untilWhy } from './ask-why';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents, plausible } from './stand-in-agents';

describe('GET /tasks/:id/why', () => {
  let backbone: TestBackbone;
  let coordinator: RunningCoordinator;
  let database: Client;
  let connection: ChannelModel;
  let broker: Channel;
  let agents: StandInAgents | undefined;
  const asked: string[] = [];

  beforeAll(async () => {
    backbone = await createTestBackbone();
    coordinator = await RunningCoordinator.start(backbone);
    database = new Client({ connectionString: backbone.env.DATABASE_URL });
    await database.connect();
    connection = await connect(backbone.env.RABBITMQ_URL);
    broker = await connection.createChannel();
  });

  afterEach(async () => {
    // Else their further attempts would be in the way of the tests that follow.
    for (const id of asked.splice(0)) await coordinator.request('POST', `/tasks/${id}/abort`);
    await agents?.stop();
    agents = undefined;
    await database.query('DELETE FROM agent_health');
    for (const { queue } of AGENTS) await broker.purgeQueue(queue);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await database?.end();
    await connection?.close();
    await backbone?.remove();
  });

  const ask = async (template = 'quick_answer', more: object = {}) => {
    const { id } = await coordinator.post({ query: 'Why?', userId: 'ada', template, ...more });
    asked.push(id);
    return id;
  };

  const startAgents = async (behaviour: StandInAgents['behaviour']) => {
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    agents.behaviour = behaviour;
    return agents;
  };

  /** As the health-monitor does it. */
  const writeHealth = async (status: string, reason: string | null, seenAgoMs = 0) => {
    const instanceId = newId();
    await database.query(
      `INSERT INTO agent_health (instance_id, agent, version, status, status_reason, queue, stages,
         started_at, last_seen_at, interval_ms)
       VALUES ($1, 'embedding', '1', $2, $3, 'embedding.task', '{embedding_lookup}', now(),
         now() - $4 * interval '1 millisecond', 5000)`,
      [instanceId, status, reason, seenAgoMs],
    );
    return instanceId;
  };

  it('tells that nobody consumes the queue, and which instance did last', async () => {
    const instanceId = await writeHealth('unhealthy', 'It missed 3 heartbeats', 400_000);
    const id = await ask();
    const { summary } = await untilWhy(coordinator, id, [
      { type: 'queued', queue: 'embedding.task', attempt: 1, ready: 1, consumers: 0 },
      { type: 'no_consumer', queue: 'embedding.task', ready: 1, lastSeen: { instanceId } },
    ]);
    expect(summary).toContain('Nobody consumes embedding.task, in which 1 message waits.');
  });

  it('tells how deep a queue is and how fast it drains, where its consumer is slow', async () => {
    const slow: Messaging = await connectMessaging({
      url: backbone.env.RABBITMQ_URL,
      appName: 'slow',
    });
    const request = { userId: 'ada', query: 'Why?', input: {}, upstream: {}, timeoutMs: 60_000 };
    const about = { ...request, stage: 'embedding_lookup', attempt: 1 };
    await slow.publisher.publishAll(
      Array.from({ length: 1_000 }, () => ({
        contract: STAGE_REQUESTED,
        payload: { ...about, taskId: newId(), deadlineAt: new Date().toISOString() },
      })),
    );
    const handle = () => delay(100).then(acknowledge);
    const work = { queue: 'embedding.task', prefetch: 2, contracts: [STAGE_REQUESTED] as const };
    await slow.consumers.consume({ ...work, handle });
    const id = await ask();
    const told = await eventually(
      async () => {
        const [cause] = endsOf((await askWhy(coordinator, id)).waitingFor);
        const isTold = cause?.type === 'queued' && cause.handedOut === 2;
        return isTold && cause.estimatedWaitMs !== null ? cause : undefined;
      },
      { what: 'a rate, and what is handed out' },
    ).finally(() => slow.close({ graceMs: 1_000 }));
    expect(told.consumers).toBe(1);
    expect(told.ready).toBeGreaterThan(100);
    expect(told.drainPerSecond).toBeGreaterThan(0);
    expect(told.estimatedWaitMs).toBe(Math.round((told.ready / (told.drainPerSecond ?? 0)) * 1000));
  });

  it('tells that a consumer is unhealthy, while its queue looks well', async () => {
    await startAgents(() => 'silence');
    const [well, ill] = [
      await writeHealth('healthy', null),
      await writeHealth('unhealthy', 'Its consumer answers no canary'),
    ];
    const { summary } = await untilWhy(coordinator, await ask(), [
      { type: 'running', evidence: 'not_in_queue', queue: 'embedding.task' },
      { type: 'consumers_unhealthy', healthy: 1, unhealthy: [{ instanceId: ill }] },
    ]);
    expect(summary).toContain(well);
    expect(summary).toContain('Its consumer answers no canary');
  });

  it('tells of both: nobody consumes the queue, and the last instance there was is unhealthy', async () => {
    const instanceId = await writeHealth('unhealthy', 'It missed 3 heartbeats', 20_000);
    await untilWhy(coordinator, await ask(), [
      { type: 'queued' },
      { type: 'no_consumer', lastSeen: { instanceId } },
      { type: 'consumers_unhealthy', healthy: 0, unhealthy: [{ instanceId }] },
    ]);
  });

  it('tells what an agent said that works on it', async () => {
    await startAgents(() => 'silence');
    const id = await ask();
    const { REDIS_URL: url, REDIS_KEY_PREFIX: keyPrefix } = backbone.env;
    const redisTasks = connectRedisTasks({ url, keyPrefix });
    const event = { stage: 'embedding_lookup', attempt: 1, message: 'Reading', fraction: 0.5 };
    await redisTasks.appendProgress(id, { type: 'progress', ...event });
    await untilWhy(coordinator, id, [
      { type: 'running', evidence: 'progress', progress: { message: 'Reading', fraction: 0.5 } },
    ]);
    await redisTasks.close();
  });

  it('tells why a stage pauses, until when, and that its agent asked for that', async () => {
    const error = { code: 'RATE_LIMITED', retryable: true, retryAfterMs: 25_000 };
    await startAgents(() => ({ error }));
    const { summary } = await untilWhy(coordinator, await ask(), [
      {
        type: 'backing_off',
        attempt: 1,
        error: { code: 'RATE_LIMITED' },
        failures: 1,
        maxFailures: 2,
        askedByAgent: true,
      },
    ]);
    expect(summary).toMatch(/The next attempt comes in 2\d\.\d s, at .*; the agent asked for/);
  });

  it('goes through a chain of stages, down to the one that holds all others up', async () => {
    const id = await ask('standard_query', { deadlineMs: 600_000 });
    await untilWhy(coordinator, id, [{ type: 'queued' }, { type: 'no_consumer' }]);
    const { deadline, waitingFor } = await askWhy(coordinator, id);
    expect(waitingFor).toMatchObject([
      {
        dependsOn: 'moderation',
        because: [
          {
            dependsOn: 'executor_reasoning',
            because: [
              {
                dependsOn: 'embedding_lookup',
                because: [
                  { dependsOn: 'intent_analysis', because: [{ type: 'queued' }, { ready: 1 }] },
                ],
              },
            ],
          },
        ],
      },
    ]);
    expect(deadline?.leftMs).toBeGreaterThan(500_000);
    expect(deadline?.leftMs).toBeLessThanOrEqual(600_000);
  });

  it('tells of both branches: one is at work, the other pauses', async () => {
    await startAgents((request) => {
      if (request.stage === 'embedding_lookup') return 'silence';
      if (request.stage !== 'web_search') return plausible(request);
      return { error: { code: 'SEARCH_DOWN', retryable: true, retryAfterMs: 20_000 } };
    });
    await untilWhy(coordinator, await ask('complex_research'), [
      { type: 'running', stage: 'embedding_lookup' },
      { type: 'backing_off', stage: 'web_search', error: { code: 'SEARCH_DOWN' } },
    ]);
  });

  it('tells that the executor runs again, and for what', async () => {
    await startAgents((request) => {
      if (request.stage === 'moderation') return { output: { confidence: 0.1, reasons: [] } };
      return request.attempt > 1 ? 'silence' : plausible(request);
    });
    await untilWhy(coordinator, await ask('standard_query'), [
      { type: 'revised', revision: 1, confidence: 0.1, minConfidence: 0.7 },
      { type: 'running', stage: 'executor_reasoning', attempt: 2 },
    ]);
  });

  it('tells which stage a condition leaves out', async () => {
    await startAgents(() => 'silence');
    const when = 'has(input.deep)';
    const stages = [
      { name: 'web_search', timeoutMs: 30_000, when },
      { name: 'embedding_lookup', dependsOn: ['web_search'], timeoutMs: 30_000 },
    ];
    const template = { description: 'Web only where it is asked for', stages };
    const saved = await coordinator.request('PUT', '/templates/guarded', template);
    expect(saved.status).toBe(201);
    const shallow = await ask('guarded');
    await untilWhy(coordinator, shallow, [{ type: 'running', stage: 'embedding_lookup' }]);
    expect((await askWhy(coordinator, shallow)).skipped).toEqual([{ stage: 'web_search', when }]);
    const deep = await ask('guarded', { input: { deep: true } });
    await untilWhy(coordinator, deep, [{ type: 'running', stage: 'web_search' }]);
  });

  it.each([
    ['complete', 'simple_lookup', plausible, null],
    ['failed', 'quick_answer', () => ({ error: { code: 'BROKEN', retryable: false } }), 'BROKEN'],
  ] as const)('tells that a task is %s', async (status, template, behaviour, code) => {
    await startAgents(behaviour);
    const id = await ask(template);
    const { finishedAt } = await coordinator.finished(id);
    const error = code === null ? null : { code };
    await untilWhy(coordinator, id, [{ type: 'ended', status, at: finishedAt, error }]);
  });

  it('gives plain text to who asks for it', async () => {
    const id = await ask();
    await untilWhy(coordinator, id, [{ type: 'queued' }, { type: 'no_consumer' }]);
    const headers = { accept: 'text/plain' };
    const response = await coordinator.request('GET', `/tasks/${id}/why`, undefined, headers);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect((await response.text()).split('\n')).toEqual([
      expect.stringMatching(/^At .* is in_progress; 0 of its 3 stages are done\.$/),
      '- response_packaging waits for executor_reasoning.',
      '  - executor_reasoning waits for embedding_lookup.',
      expect.stringMatching(/^ {4}- embedding_lookup, attempt 1 .* waits in embedding\.task: 1 /),
      expect.stringMatching(/^ {4}- Nobody consumes embedding\.task/),
      '',
    ]);
  });

  it('tells a key that is bound to a user of that user’s tasks only', async () => {
    const { key, line } = makeApiKey({ name: 'bob', role: 'submit', userId: 'bob' });
    const guarded = await RunningCoordinator.start(backbone, { COORDINATOR_API_KEYS: line });
    const { id: own } = await coordinator.post({ query: 'Why?', userId: 'bob' });
    const statusOf = async (id: string, headers: Record<string, string> = {}) =>
      (await guarded.request('GET', `/tasks/${id}/why`, undefined, headers)).status;
    const authorization = `Bearer ${key}`;
    expect(await statusOf(own, { authorization })).toBe(200);
    expect(await statusOf(await ask(), { authorization })).toBe(404);
    expect(await statusOf(own)).toBe(401);
    await guarded.stop();
  });

  it('knows no task that is not there', async () => {
    const response = await coordinator.request('GET', `/tasks/${newId()}/why`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'TASK_NOT_FOUND' });
    expect((await coordinator.request('GET', '/tasks/x/why')).status).toBe(400);
  });
});
