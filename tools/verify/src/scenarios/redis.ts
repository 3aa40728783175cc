import { RedisUnsuitableError } from '../errors';
import type { Scenario } from '../scenario';

const OLDEST_MAJOR = 7;

export const REDIS: Scenario = {
  name: 'redis',
  title: 'Redis connection',
  part: 'Redis',
  needs: [],
  timeoutMs: 10_000,
  remedy: 'See that Redis runs and that REDIS_URL is right; `npm start` starts one.',
  async run(stack) {
    const redis = await stack.redis();
    const version = /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown';
    if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR)) {
      throw new RedisUnsuitableError(`Redis is ${version}, not ${OLDEST_MAJOR}.0 or newer`);
    }
    return { summary: `Redis ${version}` };
  },
};
