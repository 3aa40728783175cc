import { randomBytes } from 'node:crypto';
import { createTestBackbone, type TestBackbone } from '@askflash/testing';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** A backbone of one suite's own, and users of its own at each server. */
export interface BackboneWithLogins {
  readonly env: TestBackbone['env'];
  /** The variables of the servers, with other passwords in their URLs. */
  withPasswords(password: (server: string) => string): Record<string, string>;
  remove(): Promise<void>;
}

/** Makes a backbone whose servers let a fresh user in, who may do everything, by these passwords. */
export async function createBackboneWithLogins(
  password: (server: string) => string,
): Promise<BackboneWithLogins> {
  const backbone = await createTestBackbone();
  const { env } = backbone;
  const user = `user_${randomBytes(6).toString('hex')}`;
  const manage = (method: string, path: string, body?: object) =>
    manageBroker(env.RABBITMQ_MANAGEMENT_URL, method, path, body);
  const vhost = new URL(env.RABBITMQ_URL).pathname.slice(1);

  await query(
    env.DATABASE_URL,
    `CREATE ROLE ${user} SUPERUSER LOGIN PASSWORD '${password('postgres')}'`,
  );
  await command(env.REDIS_URL, 'SETUSER', user, 'on', `>${password('redis')}`, '~*', '&*', '+@all');
  await manage('PUT', `users/${user}`, { password: password('rabbitmq'), tags: 'administrator' });
  await manage('PUT', `permissions/${vhost}/${user}`, { configure: '.*', write: '.*', read: '.*' });

  return {
    env,
    withPasswords: (other) => ({
      DATABASE_URL: withLogin(env.DATABASE_URL, user, other('postgres')),
      REDIS_URL: withLogin(env.REDIS_URL, user, other('redis')),
      RABBITMQ_URL: withLogin(env.RABBITMQ_URL, user, other('rabbitmq')),
      RABBITMQ_MANAGEMENT_URL: withLogin(env.RABBITMQ_MANAGEMENT_URL, user, other('rabbitmq')),
    }),
    remove: async () => {
      await query(env.DATABASE_URL, `DROP OWNED BY ${user} CASCADE; DROP ROLE ${user}`);
      await command(env.REDIS_URL, 'DELUSER', user);
      await manage('DELETE', `users/${user}`);
      await backbone.remove();
    },
  };
}

/** Asks RabbitMQ's management API and gives its answer as text. */
export async function manageBroker(
  managementUrl: string,
  method: string,
  path: string,
  body?: object,
): Promise<string> {
  const { origin, username, password } = new URL(managementUrl);
  const login = Buffer.from(`${username}:${password}`).toString('base64');
  const response = await fetch(`${origin}/api/${path}`, {
    method,
    headers: { authorization: `Basic ${login}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  return response.text();
}

/** Asks PostgreSQL and gives the rows. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return [(await client.query(sql)).rows].flat();
  } finally {
    await client.end();
  }
}

async function command(url: string, ...args: [string, ...string[]]): Promise<void> {
  const redis = new Redis(url);
  try {
    await redis.call('ACL', ...args);
  } finally {
    redis.disconnect();
  }
}

function withLogin(url: string, user: string, password: string): string {
  const own = new URL(url);
  own.username = user;
  own.password = password;
  return own.href;
}
