import { createTestKeyPrefix, testServers } from '@askflash/testing';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { eventsOf, newTaskId, token, viewOf } from '../test/tasks';
import { connectRedisTasks, type RedisTasks } from './redis-tasks';

const live = createTestKeyPrefix();
const rebuilt = createTestKeyPrefix();
let tasks: RedisTasks;
let fresh: RedisTasks;
let redis: Redis;

beforeAll(() => {
  const { REDIS_URL: url } = testServers();
  tasks = connectRedisTasks({ url, keyPrefix: live.prefix });
  fresh = connectRedisTasks({ url, keyPrefix: rebuilt.prefix });
  redis = new Redis(url);
});
afterAll(async () => {
  await Promise.all([tasks.close(), fresh.close()]);
  redis.disconnect();
  await Promise.all([live.clear(), rebuilt.clear()]);
});

/** What Redis holds of a task, without progress. */
async function durableState(prefix: string, id: string) {
  const key = `${prefix}task:{${id}}`;
  const hash = await redis.hgetall(key);
  delete hash['batches'];
  const stream = await redis.xrange(`${key}:progress`, '-', '+');
  return { hash, stream: stream.filter(([entry]) => entry.endsWith('-0')) };
}

/**
 * What may come to pass: the truth goes on by some events; a writer brings it to Redis, now or not
 * at all; a writer that was late brings an old state; progress; a key is lost.
 */
const happening = fc.oneof(
  fc.record({ type: fc.constant<'advance'>('advance'), by: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ type: fc.constant<'bring'>('bring'), late: fc.nat({ max: 4 }) }),
  fc.record({ type: fc.constant<'rebuild'>('rebuild'), late: fc.nat({ max: 4 }) }),
  fc.record({ type: fc.constant<'progress'>('progress') }),
  fc.record({ type: fc.constant<'lose'>('lose'), part: fc.constantFrom('', ':progress') }),
);

describe('a view rebuilt from the truth', () => {
  it('equals the live one, whatever happened to that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
        const id = newTaskId();
        let truth = 1;
        /** As the coordinator does: whatever a transition cannot mend is rebuilt. */
        const bring = async (seq: number, from: number) => {
          const result = await tasks.transition(viewOf(id, seq), eventsOf(id, from, seq));
          if (result === 'missing' || result === 'gap') {
            await tasks.rebuild(viewOf(id, truth), eventsOf(id, 1, truth));
          }
        };
        await tasks.create(viewOf(id, 1), eventsOf(id, 1, 1));
        for (const each of happenings) {
          if (each.type === 'advance') {
            truth += each.by;
          } else if (each.type === 'bring') {
            const seq = Math.max(1, truth - each.late);
            await bring(seq, seq);
          } else if (each.type === 'rebuild') {
            const seq = Math.max(1, truth - each.late);
            await tasks.rebuild(viewOf(id, seq), eventsOf(id, 1, seq));
          } else if (each.type === 'progress') {
            await tasks.appendProgress(id, [token('a'), token('b')]);
          } else {
            await redis.del(`${live.prefix}task:{${id}}${each.part}`);
          }
        }
        await bring(truth, truth);
        const { hash, stream } = await durableState(live.prefix, id);
        await fresh.rebuild(viewOf(id, truth), eventsOf(id, 1, truth));
        const expected = await durableState(rebuilt.prefix, id);
        expect(hash).toEqual(expected.hash);
        // A stream that was lost alone starts later; what it has is the same.
        expect(stream).toEqual(expected.stream.slice(expected.stream.length - stream.length));
        await tasks.rebuild(viewOf(id, truth), eventsOf(id, 1, truth));
        expect(await durableState(live.prefix, id)).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });
});
