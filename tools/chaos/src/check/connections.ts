import { eventually } from '@askflash/testing';
import { z } from 'zod';
import { withPostgres, withRedis } from '../rig/clients';
import type { Layout } from '../plan/layout';
import type { Rig } from '../rig/rig';
import type { Finding } from './finding';

/** How many connections the apps hold at each server, as the server counts them. */
export type ConnectionCounts = Readonly<Record<'postgres' | 'redis' | 'rabbitmq', number>>;

/** The pool of a coordinator, and one to spare. */
const POOL_SIZE = 11;

/** Of any app: Redis to command and to listen, RabbitMQ to publish and to consume. */
const PAIR = 2;

const counted = z.tuple([z.object({ count: z.number() })]);
const amqpConnections = z.array(
  z.object({ client_properties: z.object({ connection_name: z.string().optional() }).optional() }),
);

/** Connections of the apps, as each server counts them. */
export async function countConnections({ env, servers }: Rig): Promise<ConnectionCounts> {
  const postgres = await withPostgres(env.DATABASE_URL, async (client) => {
    const { rows } = await client.query(
      `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE datname = current_database() AND application_name <> 'chaos'`,
    );
    return counted.parse(rows)[0].count;
  });
  const redis = await withRedis(env.REDIS_URL, async (client) => {
    const list = String(await client.client('LIST'));
    return list.split('\n').filter((line) => line !== '' && !line.includes('name=chaos')).length;
  });
  const all = amqpConnections.parse(await servers.amqpConnections());
  const rabbitmq = all.filter((each) => each.client_properties?.connection_name !== 'chaos').length;
  return { postgres, redis, rabbitmq };
}

/** What more there is than live processes need. */
export async function checkConnections(rig: Rig, { timeoutMs = 30_000 } = {}): Promise<Finding[]> {
  const needed = neededConnections(rig.layout);
  let findings: Finding[] = [];
  // The management API is some seconds behind, and what was half open takes a while to be noticed.
  await eventually(
    async () => {
      const now = await countConnections(rig);
      findings = (['postgres', 'redis', 'rabbitmq'] as const)
        .filter((name) => now[name] > needed[name])
        .map((name) => ({
          invariant: 'connections',
          taskId: null,
          what: `${name} has ${now[name]} connections of apps, ${needed[name]} are enough`,
        }));
      return findings.length === 0;
    },
    { timeoutMs, intervalMs: 1_000 },
  ).catch(() => undefined);
  return findings;
}

/** The most that live processes need. */
function neededConnections({ places }: Layout): ConnectionCounts {
  const coordinators = places.filter(({ agent }) => agent === undefined).length;
  return {
    postgres: coordinators * POOL_SIZE,
    redis: places.length * PAIR,
    rabbitmq: places.length * PAIR,
  };
}
