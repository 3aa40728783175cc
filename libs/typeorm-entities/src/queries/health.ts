import type { AgentHeartbeat, AgentStatus } from '@askflash/contracts';
import { ID } from '@askflash/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { AgentHealth } from '../entities/agent-health';
import { toJson } from './to-json';

/** The most instances that are looked at; past them something else is wrong. */
const MAX_INSTANCE_COUNT = 2_000;

/**
 * Writes what instances last said: inserts or updates one row an instance, all in one statement; each
 * instance at most once. What the health-monitor found unhealthy stays so until it finds otherwise.
 */
export async function upsertHeartbeats(
  manager: EntityManager,
  heartbeats: readonly AgentHeartbeat[],
): Promise<void> {
  if (heartbeats.length === 0) return;
  await manager.query(
    `INSERT INTO agent_health AS known (
       instance_id, agent, version, status, reported_status, queue, stages, started_at,
       last_seen_at, interval_ms, in_flight, processed, failed, cpu_percent, memory_bytes)
     SELECT "instanceId", agent, version, status, status, queue,
            ARRAY(SELECT jsonb_array_elements_text(stages)), "startedAt", now(), "intervalMs",
            "inFlight", processed, failed, "cpuPercent", "memoryBytes"
       FROM jsonb_to_recordset($1) AS beat (
         "instanceId" uuid, agent text, version text, status text, queue text, stages jsonb,
         "startedAt" timestamptz, "intervalMs" int, "inFlight" int, processed bigint, failed bigint,
         "cpuPercent" double precision, "memoryBytes" bigint)
     ON CONFLICT (instance_id) DO UPDATE SET
       agent = excluded.agent, version = excluded.version, queue = excluded.queue,
       stages = excluded.stages, started_at = excluded.started_at,
       last_seen_at = excluded.last_seen_at, interval_ms = excluded.interval_ms,
       in_flight = excluded.in_flight, processed = excluded.processed, failed = excluded.failed,
       cpu_percent = excluded.cpu_percent, memory_bytes = excluded.memory_bytes,
       reported_status = excluded.reported_status,
       status = CASE known.status WHEN 'unhealthy' THEN 'unhealthy' ELSE excluded.status END`,
    [toJson(heartbeats)],
  );
}

/** An instance as it is known, with ages on the database's clock, in milliseconds. */
export type KnownInstance = Omit<
  AgentHealth,
  'lastSeenAt' | 'createdAt' | 'updatedAt' | 'canaryAt'
> & {
  /** Since its last heartbeat came. */
  readonly seenAgoMs: number;
  /** Since its first heartbeat came. */
  readonly knownForMs: number;
};

const ageOf = (column: string) =>
  `(extract(epoch FROM clock_timestamp() - ${column}) * 1000)::double precision`;

/** Instances that are not gone for good, by agent. */
export function selectInstances(manager: EntityManager): Promise<KnownInstance[]> {
  return manager.query(
    `SELECT instance_id AS "instanceId", agent, version, status, reported_status AS "reportedStatus",
            status_reason AS "statusReason", queue, queue_size AS "queueSize", stages,
            started_at AS "startedAt", interval_ms AS "intervalMs", in_flight AS "inFlight",
            processed::double precision, failed::double precision, cpu_percent AS "cpuPercent",
            memory_bytes::double precision AS "memoryBytes",
            ${ageOf('last_seen_at')} AS "seenAgoMs", ${ageOf('created_at')} AS "knownForMs"
       FROM agent_health WHERE status <> 'unknown'
      ORDER BY agent, instance_id LIMIT ${MAX_INSTANCE_COUNT}`,
  );
}

/** What the health-monitor makes of an instance. */
export interface InstanceVerdict {
  readonly instanceId: string;
  readonly status: AgentStatus;
  readonly statusReason: string | null;
  readonly queueSize: number;
  /** Since it last answered a canary, in milliseconds; null where it is not known to have. */
  readonly canaryAgoMs: number | null;
}

/** Writes verdicts down, in one statement. */
export async function updateInstances(
  manager: EntityManager,
  verdicts: readonly InstanceVerdict[],
): Promise<void> {
  if (verdicts.length === 0) return;
  await manager.query(
    `UPDATE agent_health AS known
        SET status = verdict.status, status_reason = verdict."statusReason",
            queue_size = verdict."queueSize",
            canary_at = coalesce(
              clock_timestamp() - verdict."canaryAgoMs" * interval '1 millisecond', canary_at)
       FROM jsonb_to_recordset($1) AS verdict (
         "instanceId" uuid, status text, "statusReason" text, "queueSize" int,
         "canaryAgoMs" double precision)
      WHERE known.instance_id = verdict."instanceId"`,
    [toJson(verdicts)],
  );
}

const instanceRows = z.array(z.object({ instance_id: ID }));

/** Those of the instances whose results came within the last `withinMs`. */
export async function selectWorkingInstances(
  manager: EntityManager,
  instanceIds: readonly string[],
  withinMs: number,
): Promise<Set<string>> {
  if (instanceIds.length === 0) return new Set();
  const rows: unknown = await manager.query(
    `SELECT DISTINCT instance_id FROM agent_performance
      WHERE created_at > clock_timestamp() - $1 * interval '1 millisecond'
        AND instance_id = ANY($2)`,
    [withinMs, instanceIds],
  );
  return new Set(instanceRows.parse(rows).map(({ instance_id }) => instance_id));
}

const figures = z.tuple([
  z.object({
    connections: z.number(),
    connectionLimit: z.number(),
    sessionsKilled: z.number(),
    outboxMessages: z.number(),
    outboxAgeMs: z.number().nullable(),
  }),
]);

/** What PostgreSQL says of itself, and of what it owes the broker. */
export interface DatabaseFigures {
  /** Client connections, whoever's. */
  readonly connections: number;
  /** How many there may be, those that are kept for superusers left out. */
  readonly connectionLimit: number;
  /** Sessions of this database that somebody ended, since its statistics began. */
  readonly sessionsKilled: number;
  /** Messages in the outbox, 10 000 at most. */
  readonly outboxMessages: number;
  /** Of the oldest of them; 0 where there is none. */
  readonly outboxAgeMs: number;
}

/** Asks for them, at a cost that does not grow with what is stored. */
export async function selectDatabaseFigures(manager: EntityManager): Promise<DatabaseFigures> {
  const rows: unknown = await manager.query(
    `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend')
              AS connections,
            current_setting('max_connections')::int
              - current_setting('superuser_reserved_connections')::int AS "connectionLimit",
            (SELECT sessions_killed::double precision FROM pg_stat_database
              WHERE datname = current_database()) AS "sessionsKilled",
            (SELECT count(*)::int FROM (SELECT 1 FROM task_outbox LIMIT 10000) AS unsent)
              AS "outboxMessages",
            (SELECT ${ageOf('created_at')} FROM task_outbox ORDER BY id LIMIT 1)
              AS "outboxAgeMs"`,
  );
  const [{ outboxAgeMs, ...rest }] = figures.parse(rows);
  return { ...rest, outboxAgeMs: Math.max(0, outboxAgeMs ?? 0) };
}

const taskRows = z.array(z.object({ id: ID }));

/**
 * Some running tasks that changed between `fromAgoMs` and `toAgoMs` ago: whose view, then, should be
 * in Redis.
 */
export async function sampleRunningTasks(
  manager: EntityManager,
  { fromAgoMs, toAgoMs }: { readonly fromAgoMs: number; readonly toAgoMs: number },
): Promise<string[]> {
  const rows: unknown = await manager.query(
    `SELECT id FROM (
       SELECT id, updated_at FROM task_histories WHERE wake_at IS NOT NULL ORDER BY wake_at LIMIT 200
     ) AS running
      WHERE updated_at BETWEEN clock_timestamp() - $1 * interval '1 millisecond'
                           AND clock_timestamp() - $2 * interval '1 millisecond'
      LIMIT 50`,
    [fromAgoMs, toAgoMs],
  );
  return taskRows.parse(rows).map(({ id }) => id);
}
