import { RESPONSES_QUEUE } from '@askflash/messaging';
import { TASK_FINISHED } from '@askflash/contracts';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { connect, type ChannelModel } from 'amqplib';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { RunningCoordinator } from './running-coordinator';
import { PLAUSIBLE, StandInAgents, plausible } from './stand-in-agents';

const TEMPLATES = [
  'standard_query',
  'simple_lookup',
  'complex_research',
  'web_enhanced',
  'quick_answer',
];

describe('coordinator', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;
  let database: Client;
  let redis: Redis;
  let broker: ChannelModel;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await RunningCoordinator.start(backbone);
    database = new Client({ connectionString: backbone.env.DATABASE_URL });
    database.on('error', () => undefined);
    await database.connect();
    redis = new Redis(backbone.env.REDIS_URL);
    broker = await connect(backbone.env.RABBITMQ_URL);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await database?.end();
    redis?.disconnect();
    await broker?.close();
    await backbone?.remove();
  });

  beforeEach(() => {
    agents.requests.length = 0;
    agents.behaviour = plausible;
  });

  const ask = (more: object = {}) =>
    coordinator.post({ query: 'How do I stop it?', userId: 'ada', ...more });

  const firstRequest = () => eventually(() => agents.requests[0]);

  const keyOf = (id: string) => `${backbone.env.REDIS_KEY_PREFIX}task:{${id}}`;

  const forget = (id: string) => redis.unlink(keyOf(id), `${keyOf(id)}:progress`);

  it.each(TEMPLATES)('drives a task of %s to its end', async (template) => {
    const { id } = await ask({ template });
    const task = await coordinator.finished(id);
    expect(task).toMatchObject({ status: 'complete', template: { name: template }, error: null });
    expect(task.stages.every(({ status }) => status === 'completed')).toBe(true);
    const { rows } = await database.query(
      'SELECT count(*)::int AS count, max(seq) AS last FROM task_stage_logs WHERE task_id = $1',
      [id],
    );
    expect(rows).toEqual([{ count: task.seq, last: task.seq }]);
  });

  it('answers with the executor’s answer and its sources', async () => {
    const { id } = await ask();
    const { result } = await coordinator.finished(id);
    expect(result).toEqual({ ...PLAUSIBLE['executor_reasoning'], confidence: null });
  });

  it('hands each stage what came before it', async () => {
    const { id } = await ask({ input: { tone: 'dry' } });
    await coordinator.finished(id);
    const executor = agents.requests.find(({ stage }) => stage === 'executor_reasoning');
    expect(executor).toMatchObject({
      taskId: id,
      attempt: 1,
      query: 'How do I stop it?',
      input: { tone: 'dry' },
      upstream: { embedding_lookup: PLAUSIBLE['embedding_lookup'] },
    });
  });

  it('puts the final response on mcp.responses, once', async () => {
    const { id } = await ask();
    const task = await coordinator.finished(id);
    const channel = await broker.createChannel();
    const found: unknown[] = [];
    await eventually(async () => {
      for (;;) {
        const message = await channel.get(RESPONSES_QUEUE, { noAck: true });
        if (!message) return found.length > 0;
        const response = TASK_FINISHED.schema.parse(JSON.parse(message.content.toString()));
        if (response.taskId === id) found.push(response);
      }
    });
    await channel.close();
    expect(found).toEqual([
      expect.objectContaining({ taskId: id, status: 'complete', result: task.result }),
    ]);
  });

  it('streams every durable event once and in order, and goes on from any of them', async () => {
    const { id } = await ask();
    const all = (await coordinator.events(id)).filter(({ id: at }) => at?.endsWith('-0'));
    expect(all.map(({ id: at }) => at)).toEqual(all.map((_event, index) => `${index + 1}-0`));
    expect(all.at(0)?.event).toBe('task.created');
    expect(all.at(-1)?.event).toBe('task.finished');
    const rest = await coordinator.events(id, all[2]?.id);
    expect(rest.map(({ id: at }) => at)).toEqual(all.slice(3).map(({ id: at }) => at));
  });

  it('loses nothing when Redis forgets: view and events come out of PostgreSQL', async () => {
    agents.behaviour = () => 'silence';
    const { id } = await ask();
    const first = await firstRequest();
    const before = await coordinator.read(id);
    await forget(id);
    expect(await coordinator.read(id)).toEqual(before);
    await forget(id);
    agents.behaviour = plausible;
    const stream = coordinator.events(id);
    await agents.answer(first);
    const task = await coordinator.finished(id);
    const durable = (await stream).filter(({ id: at }) => at?.endsWith('-0'));
    expect(durable).toHaveLength(task.seq);
    await forget(id);
    const replayed = await coordinator.events(id);
    expect(replayed.map(({ data }) => data)).toEqual(durable.map(({ data }) => data));
    await forget(id);
    expect(await coordinator.read(id)).toEqual(task);
  });

  it('keeps a view in Redis that equals the one rebuilt from PostgreSQL', async () => {
    const { id } = await ask({ template: 'complex_research' });
    await coordinator.finished(id);
    const live = await coordinator.read(id);
    expect(await redis.exists(keyOf(id))).toBe(1);
    await forget(id);
    expect(await coordinator.read(id)).toEqual(live);
  });

  it('retries a stage once, under a new attempt, and then fails the task', async () => {
    agents.behaviour = (request) =>
      request.stage === 'executor_reasoning'
        ? { error: { code: 'BROKEN', retryable: true } }
        : plausible(request);
    const { id } = await ask();
    const task = await coordinator.finished(id);
    expect(task).toMatchObject({ status: 'failed', error: { stage: 'executor_reasoning' } });
    const attempts = agents.requests.filter(({ stage }) => stage === 'executor_reasoning');
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    const { rows } = await database.query(
      'SELECT outcome, error_code FROM agent_performance WHERE task_id = $1 ORDER BY attempt, stage',
      [id],
    );
    expect(rows.filter(({ outcome }) => outcome === 'failed')).toHaveLength(2);
  });

  it('does not retry what cannot succeed', async () => {
    agents.behaviour = () => ({ error: { code: 'NEVER', retryable: false } });
    const { id } = await ask();
    expect(await coordinator.finished(id)).toMatchObject({ status: 'failed' });
    expect(agents.requests).toHaveLength(1);
  });

  it('ignores duplicates, late results and results of older attempts', async () => {
    const failOnce = new Set<string>();
    agents.behaviour = (request) => {
      if (request.stage !== 'embedding_lookup' || failOnce.has(request.taskId)) {
        return plausible(request);
      }
      failOnce.add(request.taskId);
      return { error: { code: 'ONCE', retryable: true } };
    };
    const { id } = await ask();
    const task = await coordinator.finished(id);
    expect(task.status).toBe('complete');
    const ofTask = [...agents.requests];
    await Promise.all([...ofTask, ...ofTask].map((request) => agents.answer(request)));
    const depth = async () => {
      const channel = await broker.createChannel();
      const { messageCount } = await channel.checkQueue('mcp.results');
      await channel.close();
      return messageCount;
    };
    await eventually(async () => (await depth()) === 0);
    expect(await coordinator.read(id)).toEqual(task);
    const metrics = await (await fetch(`${coordinator.url}/metrics`)).text();
    expect(metrics).toMatch(/coordinator_events_total\{[^}]*outcome="task_finished"[^}]*\} [1-9]/);
  });

  it('gives a task up at its deadline', async () => {
    agents.behaviour = () => 'silence';
    const { id } = await ask({ deadlineMs: 300 });
    expect(await coordinator.finished(id)).toMatchObject({
      status: 'failed',
      error: { code: 'TASK_DEADLINE_EXCEEDED' },
    });
  });

  it('dead-letters a result of a task that nobody knows, with the reason', async () => {
    const { id } = await ask();
    await coordinator.finished(id);
    const stranger = { ...agents.requests[0]!, taskId: agents.instanceId };
    await agents.answer(stranger);
    const channel = await broker.createChannel();
    const letter = await eventually(() => channel.get('mcp.dead_letter', { noAck: true }));
    await channel.close();
    expect(JSON.stringify(letter ? letter.properties.headers : {})).toContain('There is no task');
  });

  it.each([
    ['a missing query', { userId: 'ada' }, 400, /query/],
    ['an unknown field', { query: 'x', userId: 'ada', colour: 'red' }, 400, /colour/],
    ['an unknown template', { query: 'x', userId: 'ada', template: 'nope' }, 422, /nope/],
  ])('refuses %s as problem+json', async (_case, body, status, detail) => {
    const response = await coordinator.send(body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.text()).toMatch(detail);
  });

  it('says 404 of a task that does not exist, and 400 of what is no id', async () => {
    const nobody = await fetch(`${coordinator.url}/tasks/${agents.instanceId}`);
    expect([nobody.status, await nobody.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'TASK_NOT_FOUND', remedy: expect.any(String) }),
    ]);
    const stream = await fetch(`${coordinator.url}/tasks/${agents.instanceId}/events`);
    expect(stream.status).toBe(404);
    expect((await fetch(`${coordinator.url}/tasks/17`)).status).toBe(400);
  });

  it('finishes every task once while a second coordinator works beside it', async () => {
    const second = await RunningCoordinator.start(backbone);
    try {
      const tasks = await Promise.all(
        Array.from({ length: 60 }, (_task, index) =>
          (index % 2 ? coordinator : second).post({
            query: `Question ${index}`,
            userId: 'many',
            template: TEMPLATES[index % TEMPLATES.length],
          }),
        ),
      );
      const ended = await Promise.all(tasks.map(({ id }) => coordinator.finished(id, 60_000)));
      expect(ended.every(({ status }) => status === 'complete')).toBe(true);
      const { rows } = await database.query(
        `SELECT count(*)::int AS ends FROM task_stage_logs JOIN task_histories ON id = task_id
         WHERE user_id = 'many' AND type = 'task.finished'`,
      );
      expect(rows).toEqual([{ ends: 60 }]);
    } finally {
      await second.stop();
    }
  });

  it('goes on when its database connections are cut in the middle of tasks', async () => {
    const tasks = await Promise.all(Array.from({ length: 20 }, () => ask()));
    const { rows } = await database.query(
      `SELECT count(pg_terminate_backend(pid))::int AS cut FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'coordinator'`,
    );
    expect(rows[0].cut).toBeGreaterThan(0);
    const ended = await Promise.all(tasks.map(({ id }) => coordinator.finished(id, 60_000)));
    expect(ended.every(({ status }) => status === 'complete')).toBe(true);
  });

  it('sends what was committed but never sent', async () => {
    agents.behaviour = () => 'silence';
    const { id } = await ask();
    const request = await firstRequest();
    agents.behaviour = plausible;
    // What a crash between commit and publish leaves: the row, and nobody who sends it.
    await database.query(
      `INSERT INTO task_outbox (id, task_id, type, payload, next_attempt_at)
       VALUES ($1, $2, 'stage.requested.v1', $3, now())`,
      [agents.instanceId, id, request],
    );
    expect(await coordinator.finished(id)).toMatchObject({ status: 'complete' });
    await eventually(async () => {
      const { rows } = await database.query('SELECT 1 FROM task_outbox WHERE task_id = $1', [id]);
      return rows.length === 0;
    });
  });

  it('hands its tasks to the next coordinator when it is stopped', async () => {
    agents.behaviour = () => 'silence';
    const { id } = await ask();
    const request = await firstRequest();
    const stream = await coordinator.openEvents(id);
    await coordinator.stop();
    await stream.messages;
    agents.behaviour = plausible;
    await agents.answer(request);
    coordinator = await RunningCoordinator.start(backbone);
    expect(await coordinator.finished(id)).toMatchObject({ status: 'complete' });
  });
});
