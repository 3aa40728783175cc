import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { TASK_STATUSES } from '@askflash/contracts';

/*
 * What the views tell, over as many hours as are asked for. Tasks have no index of their time: their
 * ids are UUIDv7, so that the primary key is one.
 */

const taskFigures = z.object({
  templateName: z.string(),
  templateVersion: z.int(),
  status: z.enum(TASK_STATUSES),
  /** How many tasks. */
  tasks: z.int(),
  /** From making to end, in milliseconds; null while none has ended. */
  avgDurationMs: z.number().nullable(),
  p50DurationMs: z.number().nullable(),
  p95DurationMs: z.number().nullable(),
  /** Durable events a task. */
  avgEvents: z.number(),
});
/** Tasks of one template version in one status. */
export type TaskFigures = z.output<typeof taskFigures>;

const agentFigures = z.object({
  agent: z.string(),
  stage: z.string(),
  /** Attempts that ended. */
  attempts: z.int(),
  completed: z.int(),
  failed: z.int(),
  /** What the agent took for an attempt, in milliseconds. */
  avgDurationMs: z.number(),
  p50DurationMs: z.number(),
  p95DurationMs: z.number(),
  /** How long an attempt waited for the agent, in milliseconds; null where nothing tells. */
  avgQueueWaitMs: z.number().nullable(),
  lastAt: z.date(),
});
/** Attempts of one agent at one stage. */
export type AgentFigures = z.output<typeof agentFigures>;

/** The tasks made in the last hours, by template, version and status. */
export async function selectTaskFigures(
  manager: EntityManager,
  { hours }: { readonly hours: number },
): Promise<TaskFigures[]> {
  const rows: unknown = await manager.query(
    `SELECT template_name AS "templateName",
            template_version AS "templateVersion",
            status,
            count(*)::int AS tasks,
            avg(duration_ms) AS "avgDurationMs",
            percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS "p50DurationMs",
            percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS "p95DurationMs",
            avg(event_seq)::double precision AS "avgEvents"
       FROM (SELECT template_name, template_version, status, event_seq,
                    (extract(epoch FROM finished_at - created_at) * 1000)::double precision
                      AS duration_ms
               FROM task_histories
              WHERE id >= ${FIRST_ID_SINCE}) AS tasks
      GROUP BY template_name, template_version, status
      ORDER BY template_name, template_version, status`,
    [hours],
  );
  return z.array(taskFigures).parse(rows);
}

/** The attempts that ended in the last hours, by agent and stage. */
export async function selectAgentFigures(
  manager: EntityManager,
  { hours }: { readonly hours: number },
): Promise<AgentFigures[]> {
  const rows: unknown = await manager.query(
    `SELECT agent,
            stage,
            count(*)::int AS attempts,
            (count(*) FILTER (WHERE outcome = 'completed'))::int AS completed,
            (count(*) FILTER (WHERE outcome = 'failed'))::int AS failed,
            avg(duration_ms) AS "avgDurationMs",
            percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS "p50DurationMs",
            percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS "p95DurationMs",
            avg(queue_wait_ms) AS "avgQueueWaitMs",
            max(created_at) AS "lastAt"
       FROM agent_performance
      WHERE created_at >= statement_timestamp() - make_interval(hours => $1)
      GROUP BY agent, stage
      ORDER BY agent, stage`,
    [hours],
  );
  return z.array(agentFigures).parse(rows);
}

/** The smallest UUIDv7 of the moment `$1` hours ago, on the database's clock. */
const FIRST_ID_SINCE = `
  rpad(lpad(to_hex((extract(epoch FROM statement_timestamp() - make_interval(hours => $1))
                    * 1000)::bigint), 12, '0'), 32, '0')::uuid`;
