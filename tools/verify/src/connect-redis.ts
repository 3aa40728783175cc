import { Redis } from 'ioredis';
import { RedisUnreachableError } from './errors';

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects once, without trying again.
 *
 * @throws {RedisUnreachableError} with the reason, which ioredis gives in an event only
 */
export async function connectRedis(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: () => null,
    disconnectTimeout: 100,
    connectionName: 'verify',
  });
  let reason: string | undefined;
  redis.on('error', (error: Error) => (reason = error.message));
  try {
    await redis.connect();
    await redis.ping();
    return redis;
  } catch (error) {
    if (redis.status !== 'end') redis.disconnect();
    const said = reason ?? (error instanceof Error ? error.message : String(error));
    throw new RedisUnreachableError(`Redis cannot be used: ${said}`);
  }
}
