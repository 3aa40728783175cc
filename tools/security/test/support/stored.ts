import type { TestBackbone } from '@askflash/testing';
import { Redis } from 'ioredis';
import { manageBroker, query } from './logins';

/** Every row of every table, and what is told of each session. */
export async function storedInPostgres({ DATABASE_URL }: TestBackbone['env']): Promise<string> {
  const tables = await query(
    DATABASE_URL,
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts = [];
  for (const { name } of tables) {
    texts.push(await query(DATABASE_URL, `SELECT t::text AS row FROM ${String(name)} t`));
  }
  texts.push(await query(DATABASE_URL, 'SELECT s::text AS row FROM pg_stat_activity s'));
  return JSON.stringify(texts);
}

/** Every key with what it holds, and what is told of each connection. */
export async function storedInRedis(env: TestBackbone['env']): Promise<string> {
  const redis = new Redis(env.REDIS_URL);
  try {
    const texts: unknown[] = [await redis.client('LIST')];
    for await (const keys of redis.scanStream({ match: `${env.REDIS_KEY_PREFIX}*` })) {
      for (const key of keys) texts.push(key, await valueOf(redis, key));
    }
    return JSON.stringify(texts);
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  if (type === 'hash') return redis.hgetall(key);
  if (type === 'stream') return redis.xrange(key, '-', '+');
  if (type === 'zset') return redis.zrange(key, '0', '-1');
  if (type === 'string') return redis.get(key);
  throw new Error(`A key of a type that is not looked into: ${type}`);
}

/** Every message that lies in a queue, and what is told of each connection, channel and consumer. */
export async function storedInRabbitmq(env: TestBackbone['env']): Promise<string> {
  const ask = (method: string, path: string, body?: object) =>
    manageBroker(env.RABBITMQ_MANAGEMENT_URL, method, path, body);
  const vhost = new URL(env.RABBITMQ_URL).pathname.slice(1);
  const queues: { name: string; exclusive: boolean }[] = JSON.parse(
    await ask('GET', `queues/${vhost}`),
  );
  const texts = [];
  // An exclusive one holds replies, and only its owner may look.
  for (const { name } of queues.filter(({ exclusive }) => !exclusive)) {
    const take = { count: 100, ackmode: 'ack_requeue_true', encoding: 'auto' };
    texts.push(await ask('POST', `queues/${vhost}/${encodeURIComponent(name)}/get`, take));
  }
  for (const what of ['connections', 'channels', 'consumers']) {
    texts.push(await ask('GET', what));
  }
  return texts.join('\n');
}
