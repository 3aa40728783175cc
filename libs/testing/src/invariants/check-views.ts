import { Redis } from 'ioredis';
import { isDeepStrictEqual } from 'node:util';
import type { TestBackbone } from '../backbone';
import type { Violation } from './violation';

/**
 * I8: takes every live view away and has the coordinator rebuild it; tasks whose view is gone
 * already are passed over.
 */
export async function checkViews(
  taskIds: readonly string[],
  coordinatorUrl: string,
  { REDIS_URL, REDIS_KEY_PREFIX }: TestBackbone['env'],
): Promise<Violation[]> {
  const redis = new Redis(REDIS_URL);
  try {
    const found = await Promise.all(
      taskIds.map(async (taskId): Promise<Violation[]> => {
        const key = `${REDIS_KEY_PREFIX}task:{${taskId}}`;
        const live = await redis.hget(key, 'view');
        if (live === null) return [];
        await redis.del(key, `${key}:progress`);
        const response = await fetch(`${coordinatorUrl}/tasks/${taskId}`);
        const rebuilt: unknown = await response.json();
        if (isDeepStrictEqual(JSON.parse(live), rebuilt)) return [];
        const what = `live: ${live}, rebuilt: ${JSON.stringify(rebuilt)}`;
        return [{ invariant: 'I8', taskId, what }];
      }),
    );
    return found.flat();
  } finally {
    redis.disconnect();
  }
}
