import { connect, type ChannelModel } from 'amqplib';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** Uses PostgreSQL over a connection of its own. */
export async function withPostgres<T>(
  url: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString: url, application_name: 'chaos' });
  client.on('error', () => undefined); // A query that it breaks under fails by itself.
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Uses Redis over a connection of its own. */
export async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, connectionName: 'chaos' });
  redis.on('error', () => undefined);
  await redis.connect();
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

/** Uses RabbitMQ over a connection of its own. */
export async function withRabbitmq<T>(
  url: string,
  use: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  const connection = await connect(url, { clientProperties: { connection_name: 'chaos' } });
  connection.on('error', () => undefined);
  try {
    return await use(connection);
  } finally {
    await connection.close().catch(() => undefined); // It may be gone already.
  }
}
