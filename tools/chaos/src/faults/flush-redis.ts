import { withRedis } from '../rig/clients';
import type { Fault } from './fault';

/** Redis forgets everything at once. */
export const FLUSH_REDIS: Fault = {
  kind: 'flush-redis',
  targets: () => ['redis'],
  forMs: [0, 0],
  inject: (rig) =>
    withRedis(rig.env.REDIS_URL, async (redis) => {
      await redis.flushall();
    }),
};
