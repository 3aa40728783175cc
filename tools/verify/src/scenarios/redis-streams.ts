import { newId } from '@askflash/config';
import { RedisUnsuitableError } from '../errors';
import type { Scenario } from '../scenario';

export const REDIS_STREAMS: Scenario = {
  name: 'redis-streams',
  title: 'Redis streams',
  part: 'Redis',
  needs: ['redis'],
  timeoutMs: 10_000,
  remedy: 'See that Redis is 7.0 or newer and not out of memory.',
  async run(stack) {
    const redis = await stack.redis();
    const key = `${stack.config.redisKeyPrefix}verify:${newId()}`;
    try {
      // Ids as progress streams have them: a durable event, progress after it, the next event.
      await redis.xadd(key, '1-0', 'n', '1');
      await redis.xadd(key, '1-*', 'n', '2');
      await redis.xadd(key, '2-0', 'n', '3');
      await redis.expire(key, 60);
      const entries = await redis.xrange(key, '(1-0', '+');
      const values = entries.map(([id, [, value]]) => `${id}=${value}`).join(' ');
      if (values !== '1-1=2 2-0=3') {
        throw new RedisUnsuitableError(`A stream replays ${values || 'nothing'}`);
      }
      return { summary: 'appended and replayed in order' };
    } finally {
      await redis.del(key);
    }
  },
};
