import { eventually } from '@askflash/testing';
import { z } from 'zod';
import { withPostgres, withRedis } from '../rig/clients';
import { linkName } from '../plan/layout';
import type { Rig } from '../rig/rig';
import type { Finding } from './finding';

/** How many connections the apps hold at each server, as the server counts them. */
export type ConnectionCounts = Readonly<Record<'postgres' | 'redis' | 'rabbitmq', number>>;

/** The pool of one coordinator, and its listener. */
const POOL_SIZE = 11;

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

/**
 * What more there is than live processes need.
 *
 * @param needed what went through the links when all was calm and every app had worked
 */
export async function checkConnections(
  rig: Rig,
  needed: ConnectionCounts,
  { timeoutMs = 30_000 } = {},
): Promise<Finding[]> {
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

/** What the apps need: those that are open now, but of PostgreSQL a full pool of each coordinator. */
export function neededConnections(rig: Rig): ConnectionCounts {
  const open = (endpoint: string): number =>
    rig.layout.links
      .filter((name) => name.endsWith(linkName('', endpoint)))
      .reduce((sum, name) => sum + rig.link(name).connectionCount, 0);
  const coordinators = rig.layout.places.filter(({ agent }) => agent === undefined).length;
  return { postgres: coordinators * POOL_SIZE, redis: open('redis'), rabbitmq: open('rabbitmq') };
}
