import { ID, JSON_OBJECT, NAME, STAGE_STATUSES, TASK_STATUSES, failure } from '@askflash/contracts';
import { z } from 'zod';
import { templateStage } from './template';

/** A moment in epoch milliseconds, on the database's clock. */
const moment = z.number();

/**
 * Where one stage stands; one that is given by an earlier task begins as completed or skipped:
 *
 * ```
 *            when is false
 *   pending ──────────────► skipped
 *    ▲   │ all it depends on is completed or skipped
 *    │   ▼
 *    │  requested ─────────► completed
 *    │   │     ▲
 *    │   │     │ retryAt has come: attempt + 1
 *    │   ▼     │
 *    │  backing_off
 *    │
 *    │  requested ─────────► failed      retries used up, or none can help; the task fails with it
 *    │
 *    └── requested, backing_off, completed, skipped      reopened: a new round
 * ```
 *
 * Only an answer to the current attempt of a `requested` stage changes anything.
 */
export const stageState = z.strictObject({
  status: z.enum(STAGE_STATUSES),
  /** Requests so far, over all rounds; the last one's number, the fencing token. 0 before any. */
  attempt: z.int().min(0),
  /** Failed attempts of the current round. */
  failures: z.int().min(0),
  /** When the current attempt was requested, and when it is given up; null unless `requested`. */
  requestedAt: moment.nullable(),
  deadlineAt: moment.nullable(),
  /** When the next attempt is due; null unless `backing_off`. */
  retryAt: moment.nullable(),
  /** Null unless `completed`. */
  output: JSON_OBJECT.nullable(),
  /** Why the last attempt of this round failed; null where none did. */
  error: failure.nullable(),
});
export type StageState = z.output<typeof stageState>;

/** A stage put in while the task ran, and the stage that now also depends on it. */
export const insertedStage = z.strictObject({ stage: templateStage, before: NAME });
export type InsertedStage = z.output<typeof insertedStage>;

/**
 * All the reducer knows of a task besides its template; JSON through and through.
 *
 * ```
 *   startTask ──► in_progress ──► complete    every stage is completed or skipped
 *                     ├─────────► failed      a stage failed for good, or the deadline passed
 *                     └─────────► aborted     somebody asked for it
 * ```
 *
 * The three on the right are written once and never left: every later event is ignored. `waiting`
 * is a task that is not started yet, and so has no state.
 */
export const taskState = z.strictObject({
  taskId: ID,
  /** Number of the last event. */
  seq: z.int().min(1),
  status: z.enum(TASK_STATUSES),
  /** The task's input, which conditions may ask about. */
  input: JSON_OBJECT,
  stages: z.record(z.string(), stageState),
  inserted: z.array(insertedStage),
  /** How often moderation has sent the task back. */
  revisions: z.int().min(0),
  /** What moderation said when it last did, for the executor. */
  feedback: JSON_OBJECT.nullable(),
  /** When the whole task is given up. */
  deadlineAt: moment.nullable(),
  /** Output of the last stage; null unless the task is complete. */
  result: JSON_OBJECT.nullable(),
  error: failure.nullable(),
});
export type TaskState = z.output<typeof taskState>;

/** A stage's state; undefined for a name that is not a stage of the task, `constructor` included. */
export function findStage(state: TaskState, name: string): StageState | undefined {
  return Object.hasOwn(state.stages, name) ? state.stages[name] : undefined;
}

/** A stage that nothing has happened to. */
export function pendingStage(): StageState {
  return {
    status: 'pending',
    attempt: 0,
    failures: 0,
    requestedAt: null,
    deadlineAt: null,
    retryAt: null,
    output: null,
    error: null,
  };
}
