import { createRedisConnection, type RedisModuleOptions } from '@nestjs-modules/ioredis';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { isIP } from 'node:net';
import { RedisUrlInvalidError } from './errors';

/** One Redis, or a Redis Cluster. */
export type RedisClient = Redis | Cluster;

const CONNECT_TIMEOUT_MS = 2_000;

/** Soon at first, then once a second. */
function retryStrategy(attempt: number): number {
  return Math.min(attempt * 50, 1_000);
}

/**
 * How ioredis is to connect. Scripts may be sent twice, so a command that was under way when the
 * connection broke is sent again once: `maxRetriesPerRequest` gives up on it at the second attempt
 * to reconnect that fails.
 *
 * @throws {RedisUrlInvalidError} without the URL, which holds a password
 */
export function connectionOptions(url: string): RedisModuleOptions {
  const parsed = parseUrl(url);
  if (!/^rediss?:$/.test(parsed.protocol) || !parsed.hostname) throw invalidUrl();
  const username = decode(parsed.username);
  const password = decode(parsed.password);
  const common = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    maxRetriesPerRequest: 1,
  } satisfies RedisOptions;

  if (parsed.searchParams.get('cluster') !== 'true') {
    const tls = parsed.protocol === 'rediss:' ? { tls: serverNameOf(parsed.hostname) } : {};
    return { type: 'single', url, options: { ...common, ...tls, retryStrategy } };
  }
  return {
    type: 'cluster',
    nodes: [parsed.host, ...parsed.searchParams.getAll('node')].map((host) => {
      const { hostname, port } = parseUrl(`redis://${host}`);
      return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 6379) };
    }),
    options: {
      clusterRetryStrategy: retryStrategy,
      redisOptions: {
        ...common,
        username: username || undefined,
        password: password || undefined,
        tls: parsed.protocol === 'rediss:' ? {} : undefined,
      },
    },
  };
}

/** Told in the handshake, so that a proxy before several servers can choose; an address is no name. */
function serverNameOf(hostname: string): { servername?: string } {
  return isIP(hostname.replace(/^\[(.*)\]$/, '$1')) ? {} : { servername: hostname };
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw invalidUrl();
  return new URL(url);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUrl();
  }
}

function invalidUrl(): RedisUrlInvalidError {
  return new RedisUrlInvalidError('The URL of Redis cannot be used');
}

/** Opens the connection that commands go through; failures show in its events only. */
export function openClient(url: string): RedisClient {
  return createRedisConnection(connectionOptions(url));
}

/**
 * Opens one more connection, for pub/sub, to any node there is: a cluster passes published messages
 * on to all of them. It does not reconnect, so that the next one may go to another node.
 *
 * @returns undefined where no node of the cluster is known at the moment
 */
export function openSubscriber(client: RedisClient): Redis | undefined {
  const options = {
    autoResubscribe: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
    lazyConnect: false,
    readOnly: false,
    retryStrategy: () => null,
  } satisfies RedisOptions;
  if (client instanceof Redis) return client.duplicate(options);
  const nodes = client.nodes();
  const node = nodes[Math.floor(Math.random() * nodes.length)];
  return node?.duplicate(options);
}
