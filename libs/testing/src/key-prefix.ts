import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { testServers } from './servers';

/** A key prefix of one suite's own. */
export interface TestKeyPrefix {
  readonly prefix: string;
  /** Deletes every key under the prefix. */
  clear(): Promise<void>;
}

/** Picks a key prefix that nobody else uses. */
export function createTestKeyPrefix(): TestKeyPrefix {
  const prefix = `test:${randomBytes(6).toString('hex')}:`;
  return { prefix, clear: () => deleteKeys(`${prefix}*`) };
}

async function deleteKeys(pattern: string): Promise<void> {
  const redis = new Redis(testServers().REDIS_URL);
  try {
    for await (const keys of redis.scanStream({ match: pattern, count: 1000 })) {
      if (keys.length > 0) await redis.unlink(keys);
    }
  } finally {
    redis.disconnect();
  }
}
