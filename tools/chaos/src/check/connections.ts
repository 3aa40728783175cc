import { eventually } from '@askflash/testing';
import { z } from 'zod';
import { withPostgres, withRedis } from '../rig/clients';
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
  const all = amqpConnections.parse(await servers.managementConnections());
  const rabbitmq = all.filter((each) => each.client_properties?.connection_name !== 'chaos').length;
  return { postgres, redis, rabbitmq };
}

/** What more there is than at the start, when nothing had happened; pools may have filled since. */
export async function checkConnections(rig: Rig, before: ConnectionCounts): Promise<Finding[]> {
  const coordinators = rig.layout.places.filter(({ agent }) => agent === undefined).length;
  const most = { ...before, postgres: coordinators * POOL_SIZE };
  let findings: Finding[] = [];
  // The management API is some seconds behind, and what was half open takes a while to be noticed.
  await eventually(
    async () => {
      const now = await countConnections(rig);
      findings = (['postgres', 'redis', 'rabbitmq'] as const)
        .filter((name) => now[name] > most[name])
        .map((name) => ({
          invariant: 'connections',
          taskId: null,
          what: `${name} has ${now[name]} connections of apps, ${most[name]} are enough`,
        }));
      return findings.length === 0;
    },
    { timeoutMs: 30_000, intervalMs: 1_000 },
  ).catch(() => undefined);
  return findings;
}
