import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { AgentPerformance } from '../entities/agent-performance';
import type { TaskHistory } from '../entities/task-history';
import type { TaskStageLog } from '../entities/task-stage-log';
import { toJson } from './to-json';

/*
 * What a transition writes, each kind in one statement for the whole batch: rows travel as one JSON
 * array, so the statement is the same for one row and for a thousand.
 */

/** A task as it is accepted. */
export type NewTask = Pick<
  TaskHistory,
  | 'id'
  | 'userId'
  | 'query'
  | 'input'
  | 'templateName'
  | 'templateVersion'
  | 'status'
  | 'state'
  | 'eventSeq'
  | 'priority'
  | 'idempotencyKey'
  | 'requestHash'
  | 'retryOf'
  | 'traceparent'
  | 'wakeAt'
  | 'deadlineAt'
  | 'result'
  | 'error'
  | 'createdAt'
  | 'finishedAt'
>;

/** What a transition changes of a task. */
export type TaskChange = Pick<
  TaskHistory,
  | 'id'
  | 'status'
  | 'state'
  | 'eventSeq'
  | 'result'
  | 'error'
  | 'wakeAt'
  | 'deadlineAt'
  | 'finishedAt'
>;

/** An event as it is appended. */
export type NewStageLog = Pick<
  TaskStageLog,
  'taskId' | 'seq' | 'type' | 'stage' | 'attempt' | 'data' | 'at'
>;

/** An attempt as it is recorded. */
export type NewAgentPerformance = Omit<AgentPerformance, 'task' | 'createdAt'>;

const insertedRows = z.array(z.object({ id: z.string() }));

/**
 * Accepts tasks, except those that are there already: under the same id, or under the same
 * idempotency key of the same user. Whoever else is just inserting under that key is waited for; the
 * keys are taken in one order, so that two batches never wait for each other.
 *
 * @returns ids of those that were inserted
 */
export async function insertTasks(
  manager: EntityManager,
  tasks: readonly NewTask[],
): Promise<Set<string>> {
  if (tasks.length === 0) return new Set();
  const rows: unknown = await manager.query(
    `INSERT INTO task_histories (
       id, user_id, query, input, template_name, template_version, status, state, event_seq,
       priority, idempotency_key, request_hash, retry_of, traceparent, wake_at, deadline_at, result,
       error, created_at, updated_at, finished_at)
     SELECT id, "userId", query, input, "templateName", "templateVersion", status, state,
            "eventSeq", priority, "idempotencyKey", "requestHash", "retryOf", traceparent, "wakeAt",
            "deadlineAt", result, error, "createdAt", "createdAt", "finishedAt"
       FROM jsonb_to_recordset($1) AS task (
         id uuid, "userId" text, query text, input jsonb, "templateName" text,
         "templateVersion" int, status text, state jsonb, "eventSeq" int, priority smallint,
         "idempotencyKey" text, "requestHash" text, "retryOf" uuid, traceparent text,
         "wakeAt" timestamptz, "deadlineAt" timestamptz, result jsonb, error jsonb, "createdAt" timestamptz,
         "finishedAt" timestamptz)
      ORDER BY "userId", "idempotencyKey", id
     ON CONFLICT DO NOTHING
     RETURNING id`,
    [toJson(tasks)],
  );
  return new Set(insertedRows.parse(rows).map(({ id }) => id));
}

const updatedRows = z.tuple([
  z.array(z.object({ id: z.string(), updated_at: z.date() })),
  z.number(),
]);

/**
 * Writes back tasks that the transaction has locked.
 *
 * @returns `updated_at` of each, by id, which the trigger sets
 */
export async function updateTasks(
  manager: EntityManager,
  changes: readonly TaskChange[],
): Promise<Map<string, Date>> {
  if (changes.length === 0) return new Map();
  const answer: unknown = await manager.query(
    `UPDATE task_histories AS task
        SET status = change.status, state = change.state, event_seq = change."eventSeq",
            result = change.result, error = change.error,
            wake_at = change."wakeAt", deadline_at = change."deadlineAt",
            finished_at = change."finishedAt"
       FROM jsonb_to_recordset($1) AS change (
         id uuid, status text, state jsonb, "eventSeq" int, result jsonb, error jsonb,
         "wakeAt" timestamptz, "deadlineAt" timestamptz, "finishedAt" timestamptz)
      WHERE task.id = change.id
      RETURNING task.id, task.updated_at`,
    [toJson(changes)],
  );
  const [rows] = updatedRows.parse(answer);
  return new Map(rows.map(({ id, updated_at }) => [id, updated_at]));
}

/** Appends durable events. */
export async function insertStageLogs(
  manager: EntityManager,
  logs: readonly NewStageLog[],
): Promise<void> {
  if (logs.length === 0) return;
  await manager.query(
    `INSERT INTO task_stage_logs (task_id, seq, type, stage, attempt, data, at)
     SELECT "taskId", seq, type, stage, attempt, data, at
       FROM jsonb_to_recordset($1) AS log (
         "taskId" uuid, seq int, type text, stage text, attempt int, data jsonb, at timestamptz)`,
    [toJson(logs)],
  );
}

/** Records attempts; one that is recorded already is left as it is. */
export async function insertAgentPerformance(
  manager: EntityManager,
  attempts: readonly NewAgentPerformance[],
): Promise<void> {
  if (attempts.length === 0) return;
  await manager.query(
    `INSERT INTO agent_performance (
       id, task_id, stage, attempt, agent, instance_id, outcome, error_code, duration_ms,
       queue_wait_ms)
     SELECT id, "taskId", stage, attempt, agent, "instanceId", outcome, "errorCode", "durationMs",
            "queueWaitMs"
       FROM jsonb_to_recordset($1) AS performance (
         id uuid, "taskId" uuid, stage text, attempt int, agent text, "instanceId" uuid,
         outcome text, "errorCode" text, "durationMs" double precision,
         "queueWaitMs" double precision)
     ON CONFLICT ON CONSTRAINT agent_performance_task_id_stage_attempt_key DO NOTHING`,
    [toJson(attempts)],
  );
}
