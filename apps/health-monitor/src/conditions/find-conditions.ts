import type { KnownInstance } from '@askflash/typeorm-entities';
import type { Observation } from '../observe/observation';
import type { Past } from '../observe/past';
import { CONDITION_NAMES, type ConditionName, type Finding } from './condition';
import type { Findings } from './condition-tracker';
import { findQueueConditions } from './find-queue-conditions';
import { findServerConditions } from './find-server-conditions';
import type { Thresholds } from './thresholds';

type Part = 'queues' | 'alarms' | 'redis' | 'views' | 'database' | 'instances';

/** Without which part of an observation a condition cannot be judged. */
const NEEDS: Partial<Record<ConditionName, Part>> = {
  agent_unhealthy: 'instances',
  queue_without_consumer: 'queues',
  queue_stuck: 'queues',
  queue_slow: 'queues',
  dead_letters_growing: 'queues',
  outbox_not_draining: 'database',
  broker_blocked: 'alarms',
  redis_memory_high: 'redis',
  redis_evicting: 'redis',
  redis_views_lost: 'views',
  postgres_connections_short: 'database',
  postgres_sessions_terminated: 'database',
};

/**
 * Everything that is wrong, as one look and those before it show it.
 *
 * @param past which remembers this look already
 */
export function findConditions(
  observation: Observation,
  past: Past,
  thresholds: Thresholds,
): Findings {
  const { queues = [], instances = [], alarms = [], atMs, checks } = observation;
  const unjudged = new Set(CONDITION_NAMES.filter((name) => !isSeen(observation, NEEDS[name])));
  // Only a PostgreSQL that answers can tell what schema it has.
  if (checks['postgres']?.status === 'down') unjudged.add('schema_differs');
  // While nobody can publish, a canary that waits tells nothing of its queue.
  if (alarms.length > 0) unjudged.add('queue_slow');
  return {
    found: [
      ...instances.flatMap(findUnhealthy),
      ...findQueueConditions(queues, past, atMs, thresholds),
      ...findServerConditions(observation, past, thresholds),
    ].filter(({ name }) => !unjudged.has(name)),
    unjudged,
  };
}

function isSeen(observation: Observation, part: Part | undefined): boolean {
  return part === undefined || observation[part] !== undefined;
}

function findUnhealthy({ agent, instanceId, status, statusReason }: KnownInstance): Finding[] {
  if (status !== 'unhealthy') return [];
  return [
    {
      name: 'agent_unhealthy',
      subject: `${agent}/${instanceId}`,
      summary: statusReason ?? 'It is unhealthy',
      value: null,
      threshold: null,
    },
  ];
}
