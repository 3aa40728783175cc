import { taskView, type StageRequested } from '@askflash/contracts';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { z } from 'zod';
import { taskPage, taskSummary } from '../src/tasks/dto';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents, plausible, type Behaviour } from './stand-in-agents';

/** A task, or a problem. */
const answerOf = async (response: Response) =>
  z.looseObject({ id: z.string().default('') }).parse(await response.json());

describe('the API of tasks', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;
  let second: RunningCoordinator;
  let database: Client;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    [coordinator, second] = await Promise.all([
      RunningCoordinator.start(backbone),
      RunningCoordinator.start(backbone),
    ]);
    database = new Client({ connectionString: backbone.env.DATABASE_URL });
    await database.connect();
  });

  afterAll(async () => {
    await Promise.all([coordinator?.stop(), second?.stop()]);
    await agents?.stop();
    await database?.end();
    await backbone?.remove();
  });

  beforeEach(() => {
    agents.requests.length = 0;
    agents.behaviour = plausible;
  });

  const query = { query: 'How do I stop it?', userId: 'ada' };
  const requestsOf = (id: string) => agents.requests.filter(({ taskId }) => taskId === id);
  const stagesOf = (id: string) => requestsOf(id).map(({ stage }) => stage);
  const failingAt =
    (stage: string): Behaviour =>
    (request: StageRequested) =>
      request.stage === stage
        ? { error: { code: 'BROKEN', retryable: false } }
        : plausible(request);
  const dataOf = ({ data }: { readonly data: string }): unknown => JSON.parse(data);
  const act = async (id: string, verb: string, body?: object) => {
    const response = await coordinator.request('POST', `/tasks/${id}/${verb}`, body);
    return { status: response.status, body: await answerOf(response) };
  };

  it('shows text that PostgreSQL cannot hold as it is stored, live and rebuilt', async () => {
    const odd = { 'k\0': '\udc00', answer: 'a\0b', sources: [{ path: '\ud800', heading: '\0' }] };
    agents.behaviour = (request) => ({ output: { ...plausible(request).output, ...odd } });
    const { id } = await coordinator.post({
      ...{ ...query, query: 'Why\0?', template: 'quick_answer' },
      input: { 'a\ud800': 'b\0' },
    });
    const live = await coordinator.finished(id);
    expect(live).toMatchObject({ status: 'complete', error: null, query: 'Why\ufffd?' });
    expect(live.result).toMatchObject({
      answer: 'a\ufffdb',
      sources: [{ path: '\ufffd', heading: '\ufffd' }],
    });
    const { REDIS_URL, REDIS_KEY_PREFIX } = backbone.env;
    const redis = new Redis(REDIS_URL);
    const key = `${REDIS_KEY_PREFIX}task:{${id}}`;
    const events = await coordinator.events(id);
    expect(await redis.del(key, `${key}:progress`)).toBe(2);
    redis.disconnect();
    expect(await coordinator.read(id)).toEqual(live);
    expect((await coordinator.events(id)).map(dataOf)).toEqual(events.map(dataOf));
    expect(requestsOf(id)[1]).toMatchObject({
      input: { 'a\ufffd': 'b\ufffd' },
      upstream: { embedding_lookup: { 'k\ufffd': '\ufffd' } },
    });
  });

  describe('an idempotency key', () => {
    const send = async (key: string, body: object = query, to = coordinator) => {
      const response = await to.send(body, { 'idempotency-key': key });
      const answer = await answerOf(response);
      const replayed = response.headers.get('idempotency-replayed');
      return {
        status: response.status,
        location: response.headers.get('location'),
        replayed,
        answer,
      };
    };

    it('gives 50 requests at once, over two coordinators, one task', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_one, index) =>
          send('fifty', query, index % 2 ? coordinator : second),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      const ids = new Set(answers.map(({ answer }) => taskView.parse(answer).id));
      const [id] = ids;
      expect(ids.size).toBe(1);
      expect(new Set(answers.map(({ location }) => location))).toEqual(new Set([`/tasks/${id}`]));
      expect(answers.filter(({ replayed }) => replayed === null)).toHaveLength(1);
      expect(await coordinator.finished(String(id))).toMatchObject({ status: 'complete' });
      const { rows } = await database.query(
        `SELECT count(*)::int AS tasks FROM task_histories WHERE idempotency_key = 'fifty'`,
      );
      expect(rows).toEqual([{ tasks: 1 }]);
      expect(stagesOf(String(id))).toEqual(['embedding_lookup', 'executor_reasoning']);
    });

    it('gives the task as it stands by then, whatever the order of the body’s fields', async () => {
      const first = await send('again', {
        ...query,
        input: { a: 1, b: 2 },
        template: 'quick_answer',
      });
      await coordinator.finished(first.answer.id);
      const again = await send('again', {
        input: { b: 2, a: 1 },
        userId: 'ada',
        query: query.query,
      });
      expect(again).toMatchObject({
        status: 202,
        replayed: 'true',
        location: first.location,
        answer: { id: first.answer.id, status: 'complete' },
      });
    });

    it.each([
      ['another query', { ...query, query: 'Another?' }],
      ['another priority', { ...query, priority: 9 }],
      ['another input', { ...query, input: { deep: true } }],
    ])('is refused with %s, and nothing else of the batch with it', async (what, body) => {
      await send(`once ${what}`.replaceAll(' ', '-'));
      const [refused, ...others] = await Promise.all([
        send(`once ${what}`.replaceAll(' ', '-'), body),
        ...Array.from({ length: 5 }, () => coordinator.post(query)),
      ]);
      expect(refused).toMatchObject({ status: 409, answer: { code: 'IDEMPOTENCY_KEY_REUSED' } });
      expect(new Set(others.map(({ id }) => id)).size).toBe(5);
    });

    it('belongs to one user: another’s is another task', async () => {
      const [ada, grace] = await Promise.all([
        send('shared'),
        send('shared', { ...query, userId: 'grace' }),
      ]);
      expect([ada.status, grace.status]).toEqual([202, 202]);
      expect(ada.answer.id).not.toBe(grace.answer.id);
    });

    it.each(['', 'two words', '\u00fc', 'x'.repeat(256)])('is refused as %j', async (key) => {
      expect((await coordinator.send(query, { 'idempotency-key': key })).status).toBe(400);
    });

    it('makes a retry repeatable too', async () => {
      agents.behaviour = failingAt('executor_reasoning');
      const { id } = await coordinator.post(query);
      await coordinator.finished(id);
      const retry = async (body?: object) => {
        const headers = { 'idempotency-key': 'retry-once' };
        const response = await coordinator.request('POST', `/tasks/${id}/retry`, body, headers);
        return { status: response.status, answer: await answerOf(response) };
      };
      const answers = await Promise.all(Array.from({ length: 10 }, () => retry()));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ answer }) => answer.id)).size).toBe(1);
      expect(await retry({ fromStage: 'embedding_lookup' })).toMatchObject({ status: 409 });
    });
  });

  describe('a list', () => {
    const list = async (parameters: Record<string, string>) => {
      const response = await coordinator.request(
        'GET',
        `/tasks?${new URLSearchParams(parameters)}`,
      );
      return taskPage.parse(await response.json());
    };

    it('goes from page to page, newest first, without gap or double', async () => {
      const made: string[] = [];
      for (let index = 0; index < 7; index += 1) {
        made.push((await coordinator.post({ ...query, userId: 'lister', priority: index })).id);
      }
      const pages: string[][] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await list({ userId: 'lister', limit: '3', ...(cursor ? { cursor } : {}) });
        pages.push(page.tasks.map(({ id }) => id));
        cursor = page.next;
      }
      expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
      expect(pages.flat()).toEqual(made.reverse());
    });

    it('is of one status, template or user, and says of a task what a client needs', async () => {
      agents.behaviour = failingAt('embedding_lookup');
      const task = { ...query, userId: 'filter', deadlineMs: 60_000, priority: 7 };
      const failed = await coordinator.post({ ...task, template: 'simple_lookup' });
      await coordinator.finished(failed.id);
      agents.behaviour = plausible;
      const done = await coordinator.post(task);
      await coordinator.finished(done.id);
      const ids = async (parameters: Record<string, string>) =>
        (await list({ userId: 'filter', ...parameters })).tasks.map(({ id }) => id);
      expect(await ids({})).toEqual([done.id, failed.id]);
      expect(await ids({ status: 'failed' })).toEqual([failed.id]);
      expect(await ids({ template: 'quick_answer' })).toEqual([done.id]);
      expect(await ids({ template: 'quick_answer', status: 'failed' })).toEqual([]);
      const summary = z.object(taskSummary.shape).parse(await coordinator.read(failed.id));
      expect((await list({ userId: 'filter', status: 'failed' })).tasks).toEqual([summary]);
      expect(summary).toMatchObject({ priority: 7, retryOf: null, error: { code: 'BROKEN' } });
      expect(Date.parse(String(summary.deadlineAt)) - Date.parse(summary.createdAt)).toBe(60_000);
    });

    it.each([
      'cursor=17',
      'limit=0',
      'limit=101',
      'limit=x',
      'status=lost',
      'colour=red',
      'userId=%00',
    ])('is refused with %s', async (parameters) => {
      const response = await coordinator.request('GET', `/tasks?${parameters}`);
      expect(response.status).toBe(400);
    });
  });

  describe('abort', () => {
    it('ends a running task, tells its readers, and stays so', async () => {
      agents.behaviour = () => 'silence';
      const { id } = await coordinator.post(query);
      const request = await eventually(() => requestsOf(id)[0]);
      const stream = coordinator.events(id);
      const aborted = await act(id, 'abort', { reason: 'No longer wanted' });
      expect(aborted).toMatchObject({
        status: 200,
        body: {
          id,
          status: 'aborted',
          error: { code: 'TASK_ABORTED', message: 'No longer wanted' },
        },
      });
      expect(await coordinator.read(id)).toEqual(taskView.parse(aborted.body));
      const last = (await stream).at(-1);
      expect(last?.event).toBe('task.finished');
      expect(JSON.parse(last?.data ?? '')).toMatchObject({ data: { status: 'aborted' } });
      agents.behaviour = plausible;
      await agents.answer(request);
      expect(await act(id, 'abort', { reason: 'Another reason' })).toEqual(aborted);
    });

    it('needs no body', async () => {
      agents.behaviour = () => 'silence';
      const { id } = await coordinator.post(query);
      expect(await act(id, 'abort')).toMatchObject({
        status: 200,
        body: { error: { message: 'Aborted on request' } },
      });
    });

    it('is refused where the task has ended otherwise, or is not there', async () => {
      const { id } = await coordinator.post(query);
      await coordinator.finished(id);
      expect(await act(id, 'abort')).toMatchObject({ status: 409, body: { code: 'TASK_ENDED' } });
      expect(await act(agents.instanceId, 'abort')).toMatchObject({ status: 404 });
      expect(await act(id, 'abort', { why: 'x' })).toMatchObject({ status: 400 });
    });
  });

  describe('retry', () => {
    it('makes a new task that goes on at the stage that failed', async () => {
      agents.behaviour = failingAt('moderation');
      const first = await coordinator.post({
        ...query,
        template: 'standard_query',
        input: { tone: 'dry' },
        priority: 8,
        deadlineMs: 60_000,
      });
      const failed = await coordinator.finished(first.id);
      agents.behaviour = plausible;
      const { status, body } = await act(first.id, 'retry');
      const made = taskView.parse(body);
      expect(status).toBe(202);
      expect(made).toMatchObject({ retryOf: first.id, priority: 8, template: failed.template });
      expect(Date.parse(String(made.deadlineAt)) - Date.parse(made.createdAt)).toBe(60_000);
      const done = await coordinator.finished(made.id);
      expect(done).toMatchObject({ status: 'complete', retryOf: first.id });
      expect(stagesOf(made.id)).toEqual(['moderation']);
      expect(requestsOf(made.id)[0]).toMatchObject({
        input: { tone: 'dry' },
        upstream: requestsOf(first.id).at(-1)?.upstream,
      });
      const created = (await coordinator.events(made.id))[0];
      expect(JSON.parse(created?.data ?? '')).toMatchObject({
        data: {
          retryOf: first.id,
          given: ['intent_analysis', 'embedding_lookup', 'executor_reasoning'],
        },
      });
      expect(await coordinator.read(first.id)).toEqual(failed);
    });

    it('goes on at another stage, or begins anew, as told', async () => {
      const { id } = await coordinator.post({ ...query, template: 'standard_query' });
      await coordinator.finished(id);
      const from = await act(id, 'retry', { fromStage: 'executor_reasoning' });
      await coordinator.finished(from.body.id);
      expect(stagesOf(from.body.id)).toEqual(['executor_reasoning', 'moderation']);
      const anew = await act(id, 'retry', {});
      await coordinator.finished(anew.body.id);
      expect(stagesOf(anew.body.id)).toHaveLength(4);
      const packaged = await act(id, 'retry', { fromStage: 'response_packaging' });
      expect(packaged).toMatchObject({ status: 202, body: { status: 'complete' } });
      expect(stagesOf(packaged.body.id)).toEqual([]);
    });

    it('is refused where the task runs, has no such stage, or did not get there', async () => {
      agents.behaviour = () => 'silence';
      const { id } = await coordinator.post(query);
      expect(await act(id, 'retry')).toMatchObject({
        status: 409,
        body: { code: 'TASK_NOT_ENDED' },
      });
      await act(id, 'abort');
      for (const fromStage of ['moderation', 'executor_reasoning']) {
        const refused = await act(id, 'retry', { fromStage });
        expect(refused).toMatchObject({ status: 422, body: { code: 'RETRY_STAGE_INVALID' } });
      }
      expect(await act(agents.instanceId, 'retry')).toMatchObject({ status: 404 });
    });
  });
});
