import { ManagementUnavailableError } from '@askflash/messaging';
import type { HealthCheckResult } from '@askflash/service-kit';
import type { Observation } from '../observe/observation';
import type { Past } from '../observe/past';
import type { ConditionName, Finding } from './condition';
import type { Thresholds } from './thresholds';

/** A sample's share of lost views from which on it is more than chance, in percent. */
const LOST_VIEWS_PERCENT = 10;

/** What is wrong with servers, as one look and the one before it show them. */
export function findServerConditions(
  observation: Observation,
  past: Past,
  thresholds: Thresholds,
): Finding[] {
  return [
    ...findUnready(observation),
    ...findBlocked(observation),
    ...findInRedis(observation, past, thresholds),
    ...findInPostgres(observation, past, thresholds),
  ];
}

/** What a failing readiness check is called. A blocked broker is a condition of its own. */
function conditionOf(check: string, { code }: HealthCheckResult): ConditionName {
  if (code === ManagementUnavailableError.code) return 'server_unreachable';
  if (check === 'schema') return 'schema_differs';
  if (check === 'topology') return 'topology_drifted';
  return 'server_unreachable';
}

function findUnready({ checks, alarms }: Observation): Finding[] {
  return Object.entries(checks).flatMap(([check, result]) => {
    if (result.status === 'up') return [];
    if (check === 'rabbitmq' && alarms !== undefined && alarms.length > 0) return [];
    // Where PostgreSQL is away nobody knows its schema.
    if (check === 'schema' && checks['postgres']?.status === 'down') return [];
    const name = conditionOf(check, result);
    const isManagement = check === 'topology' && name === 'server_unreachable';
    const subject = isManagement ? 'rabbitmq management' : check;
    const summary = result.reason ?? 'It does not answer';
    return [{ name, subject, summary, value: null, threshold: null }];
  });
}

function findBlocked({ alarms = [] }: Observation): Finding[] {
  if (alarms.length === 0) return [];
  const summary = `RabbitMQ takes no messages: ${alarms.join(', ')}`;
  return [
    { name: 'broker_blocked', subject: 'rabbitmq', summary, value: alarms.length, threshold: 0 },
  ];
}

function findInRedis(
  { redis, views }: Observation,
  past: Past,
  { redisMemoryPercent }: Thresholds,
): Finding[] {
  const findings: Finding[] = [];
  const find = (name: ConditionName, summary: string, value: number, threshold: number) =>
    findings.push({ name, subject: 'redis', summary, value, threshold });

  if (redis && redis.memoryLimitBytes > 0) {
    const percent = (100 * redis.usedMemoryBytes) / redis.memoryLimitBytes;
    const summary = `Redis uses ${percent.toFixed(0)} % of its ${mebibytes(redis.memoryLimitBytes)}`;
    if (percent >= redisMemoryPercent) {
      find('redis_memory_high', summary, percent, redisMemoryPercent);
    }
  }
  const evicted = past.newlyEvicted;
  if (evicted > 0) find('redis_evicting', `Redis evicted ${evicted} keys`, evicted, 0);
  if (views && views.lost > 0) {
    const percent = (100 * views.lost) / views.sampled;
    const summary = `${views.lost} of ${views.sampled} running tasks have no view in Redis`;
    if (percent >= LOST_VIEWS_PERCENT) {
      find('redis_views_lost', summary, percent, LOST_VIEWS_PERCENT);
    }
  }
  return findings;
}

function findInPostgres(
  { database }: Observation,
  past: Past,
  { postgresConnectionsPercent, outboxAgeMs }: Thresholds,
): Finding[] {
  if (!database) return [];
  const findings: Finding[] = [];
  const find = (name: ConditionName, summary: string, value: number, threshold: number) =>
    findings.push({ name, subject: 'postgres', summary, value, threshold });

  const { connections, connectionLimit } = database;
  const percent = (100 * connections) / connectionLimit;
  if (percent >= postgresConnectionsPercent) {
    const summary = `${connections} of ${connectionLimit} connections are taken`;
    find('postgres_connections_short', summary, percent, postgresConnectionsPercent);
  }
  const killed = past.newlyKilled;
  if (killed > 0) {
    find('postgres_sessions_terminated', `${killed} sessions were terminated`, killed, 0);
  }
  if (database.outboxAgeMs > outboxAgeMs) {
    const age = `${Math.round(database.outboxAgeMs / 1000)} s`;
    const summary = `${database.outboxMessages} messages are unsent, the oldest for ${age}`;
    find('outbox_not_draining', summary, database.outboxAgeMs, outboxAgeMs);
  }
  return findings;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
