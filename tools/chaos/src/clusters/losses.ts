import fc from 'fast-check';
import type { ClusterNode } from '@askflash/testing';
import { sample } from '../plan/sample';
import type { ClusterServers } from './cluster-servers';

/** A node that is going to be lost: which, is found out when its turn comes, as roles change. */
export interface PlannedLoss {
  readonly what: string;
  choose(servers: ClusterServers): Promise<ClusterNode | undefined>;
}

/** Each node of RabbitMQ, each master of Redis, and of PostgreSQL first one primary, then the other. */
const LOSSES: readonly PlannedLoss[] = [
  ...[0, 1, 2].map((index) => ({
    what: 'node of RabbitMQ',
    choose: async ({ rabbitmq }: ClusterServers) => rabbitmq.nodes[index],
  })),
  ...[0, 1, 2].map((index) => ({
    what: 'master of Redis',
    choose: async ({ redis }: ClusterServers) => (await redis.masters())[index],
  })),
  ...[1, 2].map(() => ({
    what: 'primary of PostgreSQL',
    choose: async ({ postgres }: ClusterServers) =>
      postgres.nodes.find(({ isPrimary }) => isPrimary),
  })),
  {
    what: 'standby of PostgreSQL',
    choose: async ({ postgres }: ClusterServers) =>
      postgres.nodes.find(({ isPrimary }) => !isPrimary),
  },
];

/** All losses in the order that follows from a seed. */
export function plannedLosses(seed: number): readonly PlannedLoss[] {
  const all = { minLength: LOSSES.length, maxLength: LOSSES.length };
  return sample(fc.shuffledSubarray([...LOSSES], all), seed);
}
