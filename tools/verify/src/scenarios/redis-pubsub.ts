import { newId } from '@askflash/config';
import { once } from 'node:events';
import { connectRedis } from '../connect-redis';
import { RedisUnsuitableError } from '../errors';
import type { Scenario } from '../scenario';

const ARRIVAL_TIMEOUT_MS = 3_000;

export const REDIS_PUBSUB: Scenario = {
  name: 'redis-pubsub',
  title: 'Redis pub/sub',
  part: 'Redis',
  needs: ['redis'],
  timeoutMs: 10_000,
  remedy: 'See that nothing between here and Redis cuts pub/sub.',
  async run(stack) {
    const publisher = await stack.redis();
    const subscriber = await connectRedis(stack.config.redisUrl);
    try {
      const channel = `${stack.config.redisKeyPrefix}verify:${newId()}`;
      await subscriber.subscribe(channel);
      const arrival = once(subscriber, 'message', {
        signal: AbortSignal.timeout(ARRIVAL_TIMEOUT_MS),
      }).catch(() => {
        throw new RedisUnsuitableError('A published message did not arrive');
      });
      await publisher.publish(channel, 'hello');
      const [from, text]: unknown[] = await arrival;
      if (from !== channel || text !== 'hello') {
        throw new RedisUnsuitableError('Another message arrived than was published');
      }
      return { summary: 'published and received' };
    } finally {
      subscriber.disconnect();
    }
  },
};
