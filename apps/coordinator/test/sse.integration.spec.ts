import type { ProgressEvent, StageRequested } from '@askflash/contracts';
import { connectRedisTasks, type RedisTasks } from '@askflash/redis-tasks';
import {
  createTestBackbone,
  eventually,
  startPrivateServers,
  type PrivateServers,
  type TestBackbone,
} from '@askflash/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { RunningCoordinator } from './running-coordinator';
import { SseReader } from './sse-reader';
import { StandInAgents, plausible } from './stand-in-agents';

/** A Redis of the suite's own, because it is flushed; the other servers are shared. */
describe('the stream of a task’s events', () => {
  let backbone: TestBackbone;
  let servers: PrivateServers<'redis'>;
  let agents: StandInAgents;
  let coordinator: RunningCoordinator;
  let redis: Redis;
  let redisTasks: RedisTasks;

  beforeAll(async () => {
    const [shared, own] = await Promise.all([
      createTestBackbone(),
      startPrivateServers({ only: ['redis'] }),
    ]);
    servers = own;
    backbone = { env: { ...shared.env, ...own.env }, remove: () => shared.remove() };
    const { REDIS_URL: url, REDIS_KEY_PREFIX: keyPrefix } = backbone.env;
    redis = new Redis(url);
    redisTasks = connectRedisTasks({ url, keyPrefix });
    agents = await StandInAgents.start(backbone.env.RABBITMQ_URL);
    coordinator = await RunningCoordinator.start(backbone);
  });

  afterAll(async () => {
    await coordinator?.stop();
    await agents?.stop();
    await redisTasks?.close();
    redis?.disconnect();
    await backbone?.remove();
    await servers?.stop();
  });

  beforeEach(() => {
    agents.behaviour = plausible;
  });

  const ask = () =>
    coordinator.post({ query: 'Why?', userId: 'ada', template: 'complex_research' });

  const readerOf = (id: string) => new SseReader(`${coordinator.url}/tasks/${id}/events`);

  /** Has every stage talk a while before it answers; Redis may forget all of it at any time. */
  function talkative(count: number, length: number, between: () => Promise<void> = async () => {}) {
    return async (request: StageRequested) => {
      const { taskId, stage, attempt } = request;
      for (let index = 0; index < count; index += 1) {
        const text = `${index} `.padEnd(length, '.');
        const token: ProgressEvent = { type: 'token', stage, attempt, text };
        await redisTasks.appendProgress(taskId, token);
        await between();
      }
      return plausible(request);
    };
  }

  /** Every durable event of the task once and in order, and nothing that goes back. */
  async function expectWhole(reader: SseReader, id: string): Promise<void> {
    const { seq } = await coordinator.finished(id);
    expect(reader.durableIds).toEqual(Array.from({ length: seq }, (_none, i) => `${i + 1}-0`));
    const places = reader.messages.map(({ id: at = '' }) => at.split('-').map(Number));
    places.slice(1).forEach(([next = 0, part = 0], index) => {
      const [last = 0, lastPart = 0] = places[index] ?? [];
      expect(next > last || (next === last && part > lastPart)).toBe(true);
    });
  }

  it('is whole for readers that leave and come back at any time', async () => {
    agents.behaviour = talkative(20, 10);
    const { id } = await ask();
    const departures = fc.sample(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3 }), 20);
    const readers = departures.map((counts) => ({ reader: readerOf(id), counts }));
    await Promise.all(readers.map(({ reader, counts }) => reader.read(counts)));
    for (const { reader } of readers) await expectWhole(reader, id);
    expect(Math.max(...readers.map(({ reader }) => reader.connectionCount))).toBeGreaterThan(2);
  });

  it('is whole for the same readers when Redis is flushed at any time', async () => {
    const [flushes = []] = fc.sample(fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }), 1);
    let flushCount = 0;
    agents.behaviour = talkative(20, 10, async () => {
      if (!flushes.pop()) return;
      flushCount += 1;
      await redis.flushall();
    });
    const { id } = await ask();
    const departures = fc.sample(fc.array(fc.integer({ min: 1, max: 12 })), 20);
    const readers = departures.map((counts) => ({ reader: readerOf(id), counts }));
    await Promise.all(readers.map(({ reader, counts }) => reader.read(counts)));
    for (const { reader } of readers) await expectWhole(reader, id);
    expect(flushCount).toBeGreaterThan(0);
  });

  it('is whole for a reader that does not read until all is over, and holds up nobody', async () => {
    // Far more than sockets buffer.
    agents.behaviour = talkative(300, 20_000);
    const { id } = await ask();
    const slow = readerOf(id);
    const stream = await slow.open();
    const quick = readerOf(id);
    await quick.read();
    await expectWhole(quick, id);
    await slow.consume(stream);
    await slow.read();
    await expectWhole(slow, id);
  });

  it('is whole for 200 readers at once', async () => {
    agents.behaviour = talkative(20, 10);
    const { id } = await ask();
    const readers = Array.from({ length: 200 }, () => readerOf(id));
    await Promise.all(readers.map((reader) => reader.read()));
    for (const reader of readers) await expectWhole(reader, id);
  });

  it('tells a reader that has seen the end not to come back', async () => {
    const { id } = await ask();
    const reader = readerOf(id);
    await reader.read();
    const response = await reader.open();
    expect(response.statusCode).toBe(204);
    reader.close();
  });

  it('ends when its coordinator stops, whether its reader reads or not', async () => {
    const second = await RunningCoordinator.start(backbone);
    agents.behaviour = talkative(300, 20_000);
    const { id } = await ask();
    const url = `${second.url}/tasks/${id}/events`;
    const stuck = new SseReader(url);
    await stuck.open();
    const reading = new SseReader(url);
    const read = reading.consume(await reading.open());
    await eventually(() => reading.messages.length > 500);
    await second.stop();
    await read;
    expect(reading.hasEnded).toBe(false);
    const elsewhere = readerOf(id);
    await elsewhere.read();
    await expectWhole(elsewhere, id);
  });
});
