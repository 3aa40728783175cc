import { ID, JSON_OBJECT, NAME, taskView } from '@askflash/contracts';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

/** The template a task runs through where its client names none. */
const DEFAULT_TEMPLATE = 'quick_answer';

/** Body of `POST /tasks`. */
export const createTask = z.strictObject({
  query: z.string().trim().min(1).max(20_000).describe('What is asked'),
  userId: z.string().min(1).max(200).describe('Who asks'),
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

/** `Last-Event-ID`: `<seq>-<n>` as the stream gave it. */
export const lastEventId = z
  .string()
  .regex(/^\d{1,15}-\d{1,15}$/)
  .optional();
