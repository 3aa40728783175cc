import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { OutboxMessage } from './outbox';
import { runPrepared, type PreparedStatement } from './prepared';
import { REPLACED, toJson } from './to-json';
import type { NewAgentPerformance, NewStageLog, NewTask, TaskChange } from './transition-rows';

/** A change of a task, and the event number that the task has to have for it to be made. */
export type GuardedChange = TaskChange & { readonly fromSeq: number };

/** What a batch of transitions writes. */
export interface TransitionWrites {
  readonly created: readonly NewTask[];
  readonly changes: readonly GuardedChange[];
  readonly events: readonly NewStageLog[];
  readonly attempts: readonly NewAgentPerformance[];
  readonly messages: readonly OutboxMessage[];
  /** How long whoever writes the messages has to send them before the poller takes over. */
  readonly leaseMs: number;
  /** Ids of messages that the broker has confirmed: they go. */
  readonly confirmed: readonly string[];
}

/** What came of it. */
export interface TransitionsWritten {
  /** The database's clock. */
  readonly now: Date;
  /** Ids of tasks that were not there already. */
  readonly created: ReadonlySet<string>;
  /** When each task was changed, by id; one that is missing has another event number by now. */
  readonly changed: ReadonlyMap<string, Date>;
  /** Whether all of it is stored just as it was given; see `toJson`. */
  readonly isVerbatim: boolean;
  /** How large the tasks are together, as JSON. */
  readonly bytes: number;
}

/*
 * One statement, so one round trip and one transaction: an event, an attempt and a message are
 * written only where their task is. Two batches that change one task wait for each other at its row,
 * and the later one finds the other event number. Rows travel as JSON arrays, so that a part is the
 * same for one row and for a thousand. Parts without rows are left out: of the statements that are
 * left a connection prepares each once. `IS TRUE` keeps PostgreSQL from making a join of the test
 * whether a task is written: it hashes their ids instead, whatever it expects of their number.
 */
const PARTS = {
  created: `
  INSERT INTO task_histories (
    id, user_id, query, input, template_name, template_version, status, state, event_seq,
    priority, idempotency_key, request_hash, retry_of, traceparent, wake_at, deadline_at, result,
    error, created_at, updated_at, finished_at)
  SELECT id, "userId", query, input, "templateName", "templateVersion", status, state,
         "eventSeq", priority, "idempotencyKey", "requestHash", "retryOf", traceparent, "wakeAt",
         "deadlineAt", result, error, "createdAt", "createdAt", "finishedAt"
    FROM jsonb_to_recordset($?) AS task (
      id uuid, "userId" text, query text, input jsonb, "templateName" text,
      "templateVersion" int, status text, state jsonb, "eventSeq" int, priority smallint,
      "idempotencyKey" text, "requestHash" text, "retryOf" uuid, traceparent text,
      "wakeAt" timestamptz, "deadlineAt" timestamptz, result jsonb, error jsonb,
      "createdAt" timestamptz, "finishedAt" timestamptz)
   ORDER BY "userId", "idempotencyKey", id
  ON CONFLICT DO NOTHING
  RETURNING id, NULL::timestamptz AS updated_at`,

  changed: `
  UPDATE task_histories AS task
     SET status = change.status, state = change.state, event_seq = change."eventSeq",
         result = change.result, error = change.error,
         wake_at = change."wakeAt", deadline_at = change."deadlineAt",
         finished_at = change."finishedAt"
    FROM jsonb_to_recordset($?) AS change (
      id uuid, "fromSeq" int, status text, state jsonb, "eventSeq" int, result jsonb, error jsonb,
      "wakeAt" timestamptz, "deadlineAt" timestamptz, "finishedAt" timestamptz)
   WHERE task.id = change.id AND task.event_seq = change."fromSeq"
  RETURNING task.id, task.updated_at`,

  events: `
  INSERT INTO task_stage_logs (task_id, seq, type, stage, attempt, data, at)
  SELECT "taskId", seq, type, stage, attempt, data, at
    FROM jsonb_to_recordset($?) AS log (
      "taskId" uuid, seq int, type text, stage text, attempt int, data jsonb, at timestamptz)
   WHERE ("taskId" IN (SELECT id FROM written)) IS TRUE`,

  attempts: `
  INSERT INTO agent_performance (
    id, task_id, stage, attempt, agent, instance_id, outcome, error_code, duration_ms,
    queue_wait_ms)
  SELECT id, "taskId", stage, attempt, agent, "instanceId", outcome, "errorCode", "durationMs",
         "queueWaitMs"
    FROM jsonb_to_recordset($?) AS performance (
      id uuid, "taskId" uuid, stage text, attempt int, agent text, "instanceId" uuid,
      outcome text, "errorCode" text, "durationMs" double precision,
      "queueWaitMs" double precision)
   WHERE ("taskId" IN (SELECT id FROM written)) IS TRUE
  ON CONFLICT ON CONSTRAINT agent_performance_task_id_stage_attempt_key DO NOTHING`,

  messages: `
  INSERT INTO task_outbox (id, task_id, type, payload, traceparent, next_attempt_at)
  SELECT id, "taskId", type, payload, traceparent,
         statement_timestamp() + "leaseMs" * interval '1 millisecond'
    FROM jsonb_to_recordset($?) AS message (
      id uuid, "taskId" uuid, type text, payload jsonb, traceparent text,
      "leaseMs" double precision)
   WHERE ("taskId" IN (SELECT id FROM written)) IS TRUE`,

  confirmed: `
  DELETE FROM task_outbox WHERE id IN (
    SELECT value::uuid FROM jsonb_array_elements_text($?))`,
};
type Part = keyof typeof PARTS;

/** What tells which tasks are written comes first. */
const PART_NAMES = [
  'created',
  'changed',
  'events',
  'attempts',
  'messages',
  'confirmed',
] as const satisfies readonly Part[];

/** Parts that write tasks. */
const TASKS: ReadonlySet<Part> = new Set(['created', 'changed']);

/** By the names of their parts; there are few that are ever used. */
const statements = new Map<string, PreparedStatement>();

/** The statement of some parts, each with its parameter, in their order. */
function statementOf(parts: readonly Part[]): PreparedStatement {
  const name = `write ${parts.join(', ')}`;
  const statement = statements.get(name) ?? { name, text: textOf(parts) };
  statements.set(name, statement);
  return statement;
}

function textOf(parts: readonly Part[]): string {
  const tasks = parts.filter((part) => TASKS.has(part));
  const rows = tasks.map((part) => `SELECT id, updated_at AS at FROM ${part}`);
  const written = ['SELECT NULL::uuid AS id, NULL::timestamptz AS at WHERE false', ...rows];
  const queries = parts.map(
    (part, index) => `${part} AS (${PARTS[part].replace('$?', `$${index + 1}`)})`,
  );
  const [before, after] = [queries.slice(0, tasks.length), queries.slice(tasks.length)];
  const all = [...before, `written AS (${written.join(' UNION ALL ')})`, ...after];
  return `WITH ${all.join(', ')}
SELECT NULL::uuid AS id, clock_timestamp() AS at
UNION ALL SELECT id, at FROM written`;
}

const answer = z.tuple(
  [z.object({ id: z.null(), at: z.date() })],
  z.object({ id: z.string(), at: z.date().nullable() }),
);

/**
 * Writes a batch of transitions, each task compared and set by its event number. Tasks that are there
 * already, under the same id or under the same idempotency key of the same user, are not created, and
 * whoever else is just inserting under that key is waited for.
 */
export async function writeTransitions(
  dataSource: DataSource,
  {
    created = [],
    changes = [],
    events = [],
    attempts = [],
    messages = [],
    leaseMs = 0,
    confirmed = [],
  }: Partial<TransitionWrites>,
): Promise<TransitionsWritten> {
  const rowsOf: Record<Part, readonly unknown[]> = {
    created,
    changed: inOrder(changes),
    events,
    attempts,
    messages: messages.map((message) => ({ ...message, leaseMs })),
    confirmed,
  };
  const parts = PART_NAMES.filter((part) => rowsOf[part].length > 0);
  const json = parts.map((part) => toJson(rowsOf[part]));
  const rows = await runPrepared(dataSource, statementOf(parts), json);
  const [{ at: now }, ...written] = answer.parse(rows);
  return {
    now,
    created: new Set(written.flatMap(({ id, at }) => (at === null ? [id] : []))),
    changed: new Map(written.flatMap(({ id, at }) => (at === null ? [] : [[id, at]]))),
    isVerbatim: !json.some((text) => text.includes(REPLACED)),
    bytes: parts.reduce(
      (sum, part, index) => sum + (TASKS.has(part) ? (json[index]?.length ?? 0) : 0),
      0,
    ),
  };
}

/** Rows are locked as they come: in one order no two batches wait for each other. */
function inOrder(changes: readonly GuardedChange[]): GuardedChange[] {
  return [...changes].sort((one, other) => (one.id < other.id ? -1 : 1));
}
