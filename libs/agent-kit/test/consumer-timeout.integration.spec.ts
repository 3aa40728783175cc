import type { StageRequested } from '@askflash/contracts';
import {
  createTestDatabase,
  createTestKeyPrefix,
  eventually,
  installBackbone,
  startPrivateServers,
  testServers,
  type PrivateServers,
  type TestBackbone,
  type TestDatabase,
} from '@askflash/testing';
import { Module } from '@nestjs/common';
import { connect } from 'amqplib';
import { once } from 'node:events';
import { z } from 'zod';
import { Agent, Stage, type StageContext } from '../src';
import { withBackbone } from '../testing';

/** Of the broker: 30 minutes unless configured. */
const CONSUMER_TIMEOUT_MS = 1_000;
/** How often RabbitMQ looks for deliveries past their time; a minute unless configured. */
const TICK_MS = 200;

/** What the handlers have been at, by query. */
const runs = new Map<string, { count: number; startedAt: number; release: () => void }>();

@Agent({ name: 'websearch', queue: 'websearch.task' })
class SlowAgent {
  @Stage('web_search', { output: z.object({ query: z.string() }) })
  async search({ query }: StageRequested, { signal }: StageContext) {
    const count = (runs.get(query)?.count ?? 0) + 1;
    await new Promise<void>((release, reject) => {
      runs.set(query, { count, startedAt: Date.now(), release });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    return { query };
  }
}

@Module({ controllers: [SlowAgent] })
class SlowAgentModule {}

describe('a stage that takes longer than the broker’s consumer time-out', () => {
  let broker: PrivateServers<'rabbitmq'>;
  let database: TestDatabase;
  let env: TestBackbone['env'];
  const keys = createTestKeyPrefix();

  beforeAll(async () => {
    [broker, database] = await Promise.all([
      startPrivateServers({ only: ['rabbitmq'] }),
      createTestDatabase(),
    ]);
    for (const setting of [
      `consumer_timeout, ${CONSUMER_TIMEOUT_MS}`,
      `channel_tick_interval, ${TICK_MS}`,
    ]) {
      await broker.rabbitmq.ctl(['eval', `application:set_env(rabbit, ${setting}).`]);
    }
    const { prefix: REDIS_KEY_PREFIX } = keys;
    env = { ...testServers(), ...broker.env, DATABASE_URL: database.url, REDIS_KEY_PREFIX };
    await installBackbone(env);
  });

  afterAll(async () => {
    await Promise.all([broker?.stop(), database?.drop(), keys.clear()]);
  });

  const backbone = async () => ({ env, remove: async () => undefined });

  it('is in force: the broker closes the channel of a consumer that does not acknowledge', async () => {
    const connection = await connect(broker.env.RABBITMQ_URL);
    try {
      const channel = await connection.createChannel();
      const closed = once(channel, 'error');
      channel.sendToQueue('intent.task', Buffer.from('{}'));
      await channel.consume('intent.task', () => undefined);
      const [error] = await closed;
      expect(error).toMatchObject({ code: 406, message: expect.stringMatching(/timed out/) });
    } finally {
      await connection.close();
    }
  });

  describe('with requests that are acknowledged before it', () => {
    const agent = withBackbone(SlowAgentModule, {
      backbone,
      env: {
        AGENT_ACKNOWLEDGE_AFTER_MS: '300',
        AGENT_DRAIN_TIMEOUT_MS: '100',
        AGENT_CONCURRENCY_COUNT: '1',
      },
    });

    it('is run once and reported once, though it takes several time-outs', async () => {
      const stage = await agent.request('web_search', { query: 'long' });
      await longerThanTimeouts('long', 3);
      runs.get('long')?.release();
      expect(await stage.report()).toMatchObject({ outcome: 'completed' });
      expect(runs.get('long')?.count).toBe(1);
      expect(stage.reports).toHaveLength(1);
    });

    it('leaves what comes meanwhile to other instances, beyond the concurrency', async () => {
      const long = await agent.request('web_search', { query: 'fills the instance' });
      await longerThanTimeouts('fills the instance', 1);
      const next = await agent.request('web_search', { query: 'for another' });
      const other = await agent.startInstance();
      await eventually(() => runs.get('for another'));
      runs.get('for another')?.release();
      const { payload } = await next.report();
      runs.get('fills the instance')?.release();
      expect((await long.report()).payload.instanceId).not.toBe(payload.instanceId);
      await other.close();
    });

    it('is handed to another instance where its own is stopped', async () => {
      const leaving = await agent.startInstance();
      const stages = await Promise.all(
        ['one', 'two'].map((query) => agent.request('web_search', { query })),
      );
      await longerThanTimeouts('one', 1);
      await longerThanTimeouts('two', 1);
      await leaving.close();
      // The instance that stays is busy with its own, and takes the other's when that is done.
      await eventually(() => {
        for (const query of ['one', 'two']) runs.get(query)?.release();
        return stages.every(({ reports }) => reports.length > 0);
      });
      expect((runs.get('one')?.count ?? 0) + (runs.get('two')?.count ?? 0)).toBe(3);
      for (const { reports } of stages) expect(reports).toMatchObject([{ outcome: 'completed' }]);
    });
  });

  describe('with requests that are acknowledged too late', () => {
    const agent = withBackbone(SlowAgentModule, { backbone });

    it('is not run again by the instance that is at it', async () => {
      const stage = await agent.request('web_search', { query: 'taken away' });
      await longerThanTimeouts('taken away', 3);
      runs.get('taken away')?.release();
      expect(await stage.report()).toMatchObject({ outcome: 'completed' });
      expect(runs.get('taken away')?.count).toBe(1);
    });
  });
});

/** Waits until a stage has run for a number of time-outs. */
async function longerThanTimeouts(query: string, count: number): Promise<void> {
  const run = await eventually(() => runs.get(query), { what: `${query} to be run` });
  const { startedAt } = run;
  const ms = count * (CONSUMER_TIMEOUT_MS + 2 * TICK_MS);
  await eventually(() => Date.now() - startedAt > ms);
}
