import { ID, JSON_OBJECT, NAME, TASK_STATUSES, taskView } from '@askflash/contracts';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

/** The template a task runs through where its client names none. */
const DEFAULT_TEMPLATE = 'quick_answer';

/** Whose a task is; control characters could not be stored, or not be searched for. */
const userId = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must have no control characters');

/** Body of `POST /tasks`. */
export const createTask = z.strictObject({
  query: z.string().trim().min(1).max(20_000).describe('What is asked'),
  userId: userId.describe('Who asks'),
  template: NAME.default(DEFAULT_TEMPLATE).describe('Name of the template to run'),
  input: JSON_OBJECT.default({}).describe('Handed to every stage as it is'),
  priority: z.int().min(0).max(9).default(5).describe('0–9, 9 the most urgent'),
  deadlineMs: z
    .int()
    .min(100)
    .max(86_400_000)
    .optional()
    .describe('How long the whole task may take, in milliseconds'),
});
export type CreateTask = z.output<typeof createTask>;

export class CreateTaskDto extends createZodDto(createTask) {}

export class TaskViewDto extends createZodDto(taskView) {}

/** Path parameters of everything below `/tasks/:id`. */
export class TaskParams extends createZodDto(z.object({ id: ID })) {}

/** Query of `GET /tasks`. */
export const listTasks = z.strictObject({
  userId: userId.optional().describe('Only this user’s'),
  status: z.enum(TASK_STATUSES).optional().describe('Only those in this status'),
  template: NAME.optional().describe('Only those of this template, in any version'),
  cursor: ID.optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('How many'),
});
export type ListTasks = z.output<typeof listTasks>;

export class ListTasksDto extends createZodDto(listTasks) {}

/** A task in a list: all but its stages and its result. */
export const taskSummary = taskView.omit({ seq: true, stages: true, result: true });

/** Answer of `GET /tasks`. */
export const taskPage = z.strictObject({
  tasks: z.array(taskSummary).describe('Newest first'),
  next: ID.nullable().describe('`cursor` of the next page; null where this is the last'),
});
export type TaskPage = z.output<typeof taskPage>;

export class TaskPageDto extends createZodDto(taskPage) {}

/** Body of `POST /tasks/:id/abort`, which may be left out. */
export const abortTask = z
  .strictObject({
    reason: z.string().trim().min(1).max(500).default('Aborted on request').describe('Why'),
  })
  .prefault({});

export class AbortTaskDto extends createZodDto(abortTask) {}

/** Body of `POST /tasks/:id/retry`, which may be left out. */
export const retryTask = z
  .strictObject({
    fromStage: NAME.optional().describe(
      'The stage to go on from; where left out the one that failed, else the beginning',
    ),
  })
  .prefault({});

export class RetryTaskDto extends createZodDto(retryTask) {}

/** `Idempotency-Key`: 1–255 visible ASCII characters. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional();

/** `Last-Event-ID`: `<seq>-<n>` as the stream gave it. */
export const lastEventId = z
  .string()
  .regex(/^\d{1,16}-\d{1,16}$/)
  .refine((id) => id.split('-').every((part) => Number.isSafeInteger(Number(part))))
  .optional();
