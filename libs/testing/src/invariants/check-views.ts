import { Cluster, Redis } from 'ioredis';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { TestBackbone } from '../backbone';
import { eventually } from '../eventually';
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
  const redis = openRedis(REDIS_URL);
  try {
    const found = await Promise.all(
      taskIds.map(async (taskId): Promise<Violation[]> => {
        const key = `${REDIS_KEY_PREFIX}task:{${taskId}}`;
        const live = await redis.hget(key, 'view');
        if (live === null) return [];
        await redis.del(key, `${key}:progress`);
        const differing = differences(live, await rebuild(`${coordinatorUrl}/tasks/${taskId}`));
        if (differing.length === 0) return [];
        return [{ invariant: 'I8', taskId, what: `live, rebuilt: ${differing.join('; ')}` }];
      }),
    );
    return found.flat();
  } finally {
    redis.disconnect();
  }
}

/** Has the coordinator answer with the view, which it can be too busy for at the first try. */
async function rebuild(url: string): Promise<string> {
  const answer = async (): Promise<string | undefined> => {
    const response = await fetch(url);
    return response.status === 503 ? undefined : response.text();
  };
  return eventually(answer, { timeoutMs: 60_000, intervalMs: 500, what: `an answer of ${url}` });
}

function openRedis(url: string): Redis | Cluster {
  const { hostname: host, port, password, searchParams } = new URL(url);
  if (searchParams.get('cluster') !== 'true') return new Redis(url);
  const redisOptions = { password: decodeURIComponent(password) };
  return new Cluster([{ host, port: Number(port) }], { redisOptions });
}

/** Fields in which two views differ, with both values. */
function differences(live: string, rebuilt: string): string[] {
  const views = [live, rebuilt].map((json) =>
    z.record(z.string(), z.unknown()).parse(JSON.parse(json)),
  );
  const [one = {}, other = {}] = views;
  return [...new Set(views.flatMap(Object.keys))]
    .filter((key) => !isDeepStrictEqual(one[key], other[key]))
    .map((key) => `${key} ${JSON.stringify(one[key])}, ${JSON.stringify(other[key])}`);
}
