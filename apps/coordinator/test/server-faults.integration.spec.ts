import {
  createTestKeyPrefix,
  eventually,
  findViolations,
  installBackbone,
  startPrivateServers,
  type PrivateServers,
  type TestBackbone,
} from '@askflash/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { FAULT_ROUNDS } from './fault-rounds';
import { RunningCoordinator } from './running-coordinator';
import { StandInAgents, plausible } from './stand-in-agents';
import { TestCluster } from './test-cluster';

const TASK_COUNT = 200;

const TEMPLATES = [
  'standard_query',
  'simple_lookup',
  'complex_research',
  'web_enhanced',
  'quick_answer',
];

/** Servers of the suite's own, because these tests harm them. */
describe('a backbone whose servers fail', () => {
  let servers: PrivateServers;
  let env: TestBackbone['env'];

  beforeAll(async () => {
    servers = await startPrivateServers();
    env = { ...servers.env, REDIS_KEY_PREFIX: createTestKeyPrefix().prefix };
    await installBackbone(env);
  });

  afterAll(async () => servers?.stop());

  describe.each(FAULT_ROUNDS)('with two coordinators, round %i', (round) => {
    const early = (round * TASK_COUNT) / 10;
    let cluster: TestCluster;

    beforeAll(async () => {
      cluster = new TestCluster(env);
      cluster.startAgents();
      cluster.startAgents();
      await Promise.all([cluster.startCoordinator(), cluster.startCoordinator()]);
    });

    afterAll(async () => cluster?.stop());

    it.each<[string, () => Promise<void>]>([
      ['the broker restarts', () => servers.rabbitmq.restart()],
      [
        'PostgreSQL ends every connection and then restarts',
        async () => {
          await terminateBackends(env.DATABASE_URL);
          await servers.postgres.restart();
        },
      ],
      ['Redis restarts', () => servers.redis.restart()],
    ])(`keeps every promise when %s in the middle of ${TASK_COUNT} tasks`, async (what, fail) => {
      const before = await cluster.finishedCount();
      const asking = cluster.workThrough(what, TASK_COUNT);
      await eventually(async () => (await cluster.finishedCount()) > before + early);
      expect(await cluster.finishedCount()).toBeLessThan(before + TASK_COUNT);
      await fail();
      await asking;
      await cluster.comeToRest();
      expect(await cluster.violations()).toEqual([]);
      expect(await cluster.outcomes()).toEqual([{ status: 'complete', attempts: 1 }]);
    });
  });

  it('keeps every promise when Redis is flushed between any two stages', async () => {
    const redis = new Redis(env.REDIS_URL);
    const agents = await StandInAgents.start(env.RABBITMQ_URL);
    const coordinator = await RunningCoordinator.start({ env });
    try {
      let flushCount = 0;
      agents.behaviour = async (request) => {
        await redis.flushall();
        flushCount += 1;
        return plausible(request);
      };
      const tasks = await Promise.all(
        TEMPLATES.map((template) => coordinator.post({ query: 'Why?', userId: 'ada', template })),
      );
      const streams = tasks.map(({ id }) => coordinator.events(id));
      const accepted = tasks.map(({ id }) => id);
      const ended = await Promise.all(accepted.map((id) => coordinator.finished(id)));
      expect(ended.map(({ status }) => status)).toEqual(TEMPLATES.map(() => 'complete'));
      expect(flushCount).toBe(agents.requests.length);
      for (const [index, stream] of streams.entries()) {
        const durable = (await stream).filter(({ id }) => id?.endsWith('-0'));
        expect(durable.map(({ id }) => id)).toEqual(
          Array.from({ length: ended[index]?.seq ?? 0 }, (_none, seq) => `${seq + 1}-0`),
        );
      }
      const { url: coordinatorUrl } = coordinator;
      const violations = () => findViolations({ env, accepted, coordinatorUrl });
      // The rows of the last messages go soon after these are confirmed.
      await eventually(async () => (await violations()).length === 0).catch(() => undefined);
      expect(await violations()).toEqual([]);
    } finally {
      await coordinator.stop();
      await agents.stop();
      redis.disconnect();
    }
  });

  it.each([
    ['one that was there', true],
    ['a new one', false],
  ])(
    'has views caught up by %s when Redis comes back with old ones, and who knew of it is gone',
    async (_who, wasThere) => {
      const redis = new Redis(env.REDIS_URL).on('error', () => undefined);
      const agents = await StandInAgents.start(env.RABBITMQ_URL);
      const coordinators = [await RunningCoordinator.start({ env })];
      const startOther = async () => coordinators.push(await RunningCoordinator.start({ env }));
      try {
        let answer = (): void => undefined;
        const asked = new Promise<void>((resolve) => (answer = resolve));
        agents.behaviour = async (request) => {
          await asked;
          return plausible(request);
        };
        if (wasThere) await startOther();
        const query = { query: 'Why?', userId: 'ada', template: 'simple_lookup' };
        const [one] = coordinators;
        const tasks = await Promise.all(Array.from({ length: 20 }, () => one?.post(query)));
        const ids = tasks.flatMap((task) => task?.id ?? []);
        const allAre = (status: string) => async () => {
          const keys = ids.map((id) => `${env.REDIS_KEY_PREFIX}task:{${id}}`);
          const shown = await Promise.all(keys.map((key) => redis.hget(key, 'status')));
          return shown.every((each) => each === status);
        };
        await eventually(allAre('in_progress'));
        await servers.redis.stop();
        answer();
        await Promise.all(ids.map((id) => one?.finished(id)));
        await coordinators.shift()?.stop();
        await servers.redis.start();
        if (!wasThere) await startOther();
        await eventually(allAre('complete'), { timeoutMs: 30_000, intervalMs: 100 });
      } finally {
        await Promise.all(coordinators.map((coordinator) => coordinator.stop()));
        await agents.stop();
        redis.disconnect();
      }
    },
    90_000,
  );
});

async function terminateBackends(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query(
    `SELECT count(pg_terminate_backend(pid))::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await client.end();
  if (!(rows[0]?.count > 0)) throw new Error('There was no connection to end');
}
