import { z } from 'zod';
import { ID, JSON_OBJECT, NAME } from './scalars';
import { TASK_STATUSES } from './task-status';

/** Where a stage of a task stands; see the reducer of dag-templates for its moves. */
export const STAGE_STATUSES = [
  'pending',
  'requested',
  'backing_off',
  'completed',
  'failed',
  'skipped',
] as const;
export type StageStatus = (typeof STAGE_STATUSES)[number];

/** Why a stage or a task failed. */
export const failure = z.strictObject({
  code: z.string(),
  message: z.string(),
  stage: NAME.optional(),
});
export type Failure = z.output<typeof failure>;

/** A task as clients see it: what `GET /tasks/:id` answers and what Redis holds, a view of the truth. */
export const taskView = z.strictObject({
  id: ID,
  userId: z.string(),
  query: z.string(),
  template: z.strictObject({ name: NAME, version: z.int().min(1) }),
  status: z.enum(TASK_STATUSES),
  /** 0–9, 9 the most urgent. */
  priority: z.int().min(0).max(9).default(5),
  /** The task that this one repeats; that one may be gone by now. */
  retryOf: ID.nullable().default(null),
  /** Number of the task's last durable event; grows by one with each. */
  seq: z.int().min(0),
  stages: z.array(
    z.strictObject({
      name: NAME,
      status: z.enum(STAGE_STATUSES),
      attempt: z.int().min(0),
      error: failure.nullable(),
    }),
  ),
  result: JSON_OBJECT.nullable(),
  error: failure.nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** When the task is given up; null where it may take for ever. */
  deadlineAt: z.iso.datetime().nullable().default(null),
  finishedAt: z.iso.datetime().nullable(),
});
export type TaskView = z.output<typeof taskView>;

/** What can happen to a task for good. */
export const TASK_EVENT_TYPES = [
  'task.created',
  'stage.requested',
  'stage.completed',
  'stage.failed',
  'stage.retry_scheduled',
  'stage.skipped',
  'stage.inserted',
  'task.revised',
  'task.finished',
] as const;
export type TaskEventType = (typeof TASK_EVENT_TYPES)[number];

/**
 * A durable event of a task: a row of `task_stage_logs`, and an entry of its progress stream under
 * the id `<seq>-0`. A task's events are numbered 1, 2, 3 … without a gap.
 */
export const taskEvent = z.strictObject({
  taskId: ID,
  seq: z.int().min(1),
  type: z.enum(TASK_EVENT_TYPES),
  stage: NAME.nullable(),
  attempt: z.int().min(1).nullable(),
  at: z.iso.datetime(),
  data: JSON_OBJECT,
});
export type TaskEvent = z.output<typeof taskEvent>;

/** What an agent says while it works; lives in the progress stream only, under `<seq>-<n>`, n > 0. */
export const progressEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('progress'),
    stage: NAME,
    attempt: z.int().min(1),
    message: z.string(),
    /** 0–1, where the agent knows it. */
    fraction: z.number().min(0).max(1).optional(),
  }),
  z.strictObject({
    type: z.literal('token'),
    stage: NAME,
    attempt: z.int().min(1),
    text: z.string(),
  }),
]);
export type ProgressEvent = z.output<typeof progressEvent>;
