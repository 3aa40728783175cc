import {
  DEAD_LETTER_HEADERS,
  DEAD_LETTER_QUEUE,
  RabbitmqManagement,
  vhostOf,
} from '@askflash/messaging';
import { createTestBackbone, eventually, type TestBackbone } from '@askflash/testing';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import type { z } from 'zod';
import { AgentAnalyticsDto, TaskAnalyticsDto } from '../src/analytics/dto';
import { DeadLetterPageDto, RedriveReportDto } from '../src/dead-letters/dto';
import { QueueOverviewDto } from '../src/queues/dto';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents } from './stand-in-agents';

const FAST = { dryRun: false, ratePerSecond: 500 };

describe('operations', () => {
  let backbone: TestBackbone;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;
  let other: RunningCoordinator;
  let connection: ChannelModel;
  let broker: ConfirmChannel;

  beforeAll(async () => {
    backbone = await createTestBackbone();
    [coordinator, other] = await Promise.all([
      RunningCoordinator.start(backbone),
      RunningCoordinator.start(backbone, { RABBITMQ_MANAGEMENT_URL: '' }),
    ]);
    connection = await connect(backbone.env.RABBITMQ_URL);
    broker = await connection.createConfirmChannel();
  });

  afterAll(async () => {
    await coordinator?.stop();
    await other?.stop();
    await connection?.close();
    await backbone?.remove();
  });

  beforeEach(async () => {
    for (const queue of [DEAD_LETTER_QUEUE, 'intent.task']) await broker.purgeQueue(queue);
  });

  const depth = async (queue: string) => (await broker.checkQueue(queue)).messageCount;

  const bury = async (count: number, { queue = 'intent.task', reason = 'BROKEN: it is' } = {}) => {
    for (let index = 0; index < count; index += 1) {
      broker.sendToQueue(DEAD_LETTER_QUEUE, Buffer.from('{}'), {
        messageId: `${queue}-${String(index).padStart(4, '0')}`,
        headers: {
          [DEAD_LETTER_HEADERS.reason]: reason,
          [DEAD_LETTER_HEADERS.queue]: queue,
          [DEAD_LETTER_HEADERS.deadAt]: '2026-01-01T00:00:00.000Z',
        },
      });
    }
    await broker.waitForConfirms();
  };

  const get = async <Schema extends z.ZodType>(
    path: string,
    { schema }: { readonly schema: Schema },
    { url } = coordinator,
  ): Promise<z.output<Schema>> => {
    const response = await fetch(`${url}${path}`);
    expect(response.status).toBe(200);
    return schema.parse(await response.json());
  };

  const post = (body: object, { url } = coordinator) =>
    fetch(`${url}/dead-letters/redrive`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const redrive = async (body: object) => {
    const response = await post(body);
    expect(response.status).toBe(200);
    return RedriveReportDto.schema.parse(await response.json());
  };

  describe('GET /dead-letters', () => {
    it('goes through all of them page by page, and takes none out', async () => {
      await bury(7);
      await bury(3, { queue: 'executor.task', reason: 'OTHER' });
      const ids: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: z.output<typeof DeadLetterPageDto.schema> = await get(
          `/dead-letters?queue=intent.task&limit=3${cursor && `&cursor=${cursor}`}`,
          DeadLetterPageDto,
        );
        expect(page).toMatchObject({ matching: 7, lookedAt: 10, complete: true });
        ids.push(...page.deadLetters.map(({ id }) => id));
        cursor = page.next;
      }
      expect(ids).toEqual(Array.from({ length: 7 }, (_, index) => `intent.task-000${index}`));
      const { deadLetters } = await get('/dead-letters?reason=OTHER', DeadLetterPageDto);
      expect(deadLetters.map(({ queue }) => queue)).toEqual(Array(3).fill('executor.task'));
      expect(await depth(DEAD_LETTER_QUEUE)).toBe(10);
    });

    it('shows everybody all of them, however many look at once', async () => {
      await bury(50);
      const pages = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          get('/dead-letters?limit=500', DeadLetterPageDto, index % 2 ? coordinator : other),
        ),
      );
      expect(pages.map(({ deadLetters }) => deadLetters.length)).toEqual(Array(20).fill(50));
      await eventually(async () => (await depth(DEAD_LETTER_QUEUE)) === 50);
    });

    it.each(['limit=0', 'limit=501', 'cursor=x', 'colour=red'])('refuses ?%s', async (query) => {
      expect((await fetch(`${coordinator.url}/dead-letters?${query}`)).status).toBe(400);
    });

    it('looks at none where looking could lose them', async () => {
      await bury(1);
      const { RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL } = backbone.env;
      const management = new RabbitmqManagement(RABBITMQ_MANAGEMENT_URL);
      const vhost = vhostOf(RABBITMQ_URL);
      const policy = (await management.policies(vhost)).find(
        ({ name }) => name === 'mcp.dead-letter',
      );
      if (!policy) throw new Error('the policy is not there');
      await management.deletePolicy(vhost, policy.name);
      try {
        const response = await fetch(`${coordinator.url}/dead-letters`);
        expect(response.status).toBe(503);
        expect(await response.json()).toMatchObject({ code: 'DEAD_LETTERS_UNPROTECTED' });
      } finally {
        await management.putPolicy(vhost, policy.name, policy);
      }
      await get('/dead-letters', DeadLetterPageDto);
    });
  });

  describe('POST /dead-letters/redrive', () => {
    it('tells in a dry run what it would send back, and sends nothing', async () => {
      await bury(3);
      expect(await redrive({})).toMatchObject({ dryRun: true, matching: 3, left: 3 });
      expect([await depth('intent.task'), await depth(DEAD_LETTER_QUEUE)]).toEqual([0, 3]);
    });

    it('sends back what is asked for and leaves the rest', async () => {
      await bury(5);
      await bury(2, { reason: 'OTHER' });
      const report = await redrive({ ...FAST, filter: { reason: 'BROKEN' } });
      expect(report).toMatchObject({ matching: 5, redriven: 5, failed: 0, endedBy: 'done' });
      expect(await depth('intent.task')).toBe(5);
      await eventually(async () => (await depth(DEAD_LETTER_QUEUE)) === 2);
    });

    it('reports on those that have nowhere to go', async () => {
      await bury(1, { queue: 'nowhere.task' });
      const report = await redrive(FAST);
      expect(report).toMatchObject({ redriven: 0, failed: 1 });
      expect(report.items[0]?.error?.code).toBe('DEAD_LETTER_UNRETURNABLE');
      await eventually(async () => (await depth(DEAD_LETTER_QUEUE)) === 1);
    });

    it('is one at a time over all coordinators, and ends when its client hangs up', async () => {
      await bury(100);
      const client = new AbortController();
      const first = fetch(`${coordinator.url}/dead-letters/redrive`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ dryRun: false, ratePerSecond: 5 }),
        signal: client.signal,
      });
      first.catch(() => undefined);
      await eventually(async () => (await depth('intent.task')) >= 2);
      const second = await post(FAST, other);
      expect(second.status).toBe(409);
      expect(await second.json()).toMatchObject({ code: 'DEAD_LETTERS_BUSY' });
      client.abort();
      await expect(first).rejects.toThrow();
      const left = await eventually(async () => {
        const { matching } = await get('/dead-letters', DeadLetterPageDto, other);
        return matching;
      });
      expect(left + (await depth('intent.task'))).toBe(100);
      expect(left).toBeGreaterThan(50);
      expect(await redrive(FAST)).toMatchObject({ redriven: left, endedBy: 'done' });
      expect(await depth('intent.task')).toBe(100);
    });

    it.each([
      { ratePerSecond: 0 },
      { stopOnErrorRate: 2 },
      { filter: { ids: [] } },
      { dryrun: true },
    ])('refuses %j', async (body) => expect((await post(body)).status).toBe(400));
  });

  describe('GET /queues', () => {
    const named = ({ queues }: z.output<typeof QueueOverviewDto.schema>, name: string) =>
      queues.find((queue) => queue.name === name);

    it('tells what they hold as of now', async () => {
      await bury(2);
      const overview = await get('/queues', QueueOverviewDto);
      expect(overview.management).toBe('ok');
      expect(named(overview, DEAD_LETTER_QUEUE)).toMatchObject({ exists: true, ready: 2 });
      expect(named(overview, 'mcp.results')).toMatchObject({ consumers: 2, ready: 0 });
    });

    it('does without the management API', async () => {
      const overview = await get('/queues', QueueOverviewDto, other);
      expect(overview.management).toBe('not_configured');
      expect(named(overview, 'mcp.results')).toMatchObject({
        exists: true,
        consumers: 2,
        unacknowledged: null,
        policy: null,
      });
    });

    it('says so where a queue is missing', async () => {
      await broker.deleteQueue('websearch.task');
      const overview = await get('/queues', QueueOverviewDto);
      expect(named(overview, 'websearch.task')).toMatchObject({ exists: false, consumers: 0 });
      await broker.assertQueue('websearch.task', {
        durable: true,
        arguments: { 'x-queue-type': 'quorum' },
      });
      await broker.bindQueue('websearch.task', 'mcp.tasks', 'websearch.task');
    });
  });

  describe('analytics', () => {
    beforeAll(async () => {
      agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
      const { id } = await coordinator.post({
        query: 'Why?',
        userId: 'ada',
        template: 'quick_answer',
      });
      await coordinator.finished(id);
    });
    afterAll(() => agents?.stop());

    it('count tasks by template and status', async () => {
      const { hours, rows } = await get('/analytics/tasks', TaskAnalyticsDto);
      expect(hours).toBe(24);
      expect(rows).toEqual([
        expect.objectContaining({ templateName: 'quick_answer', status: 'complete', tasks: 1 }),
      ]);
      expect(rows[0]?.p50DurationMs).toBeGreaterThan(0);
    });

    it('count attempts by agent and stage', async () => {
      const { rows } = await get('/analytics/agents?hours=1', AgentAnalyticsDto);
      expect(rows.map(({ stage, attempts, failed }) => [stage, attempts, failed])).toEqual([
        ['embedding_lookup', 1, 0],
        ['executor_reasoning', 1, 0],
      ]);
    });

    it.each(['hours=0', 'hours=x', 'hours=2161', 'days=1'])('refuse ?%s', async (query) => {
      expect((await fetch(`${coordinator.url}/analytics/tasks?${query}`)).status).toBe(400);
    });
  });
});
