import { z } from 'zod';
import { defineContract } from '../contract';
import { ID, JSON_OBJECT, NAME } from '../scalars';
import { TERMINAL_TASK_STATUSES } from '../task-status';

/** The packaged final response of a task. */
export const taskFinished = z.strictObject({
  taskId: ID,
  userId: z.string(),
  template: z.strictObject({ name: NAME, version: z.int().min(1) }),
  status: z.enum(TERMINAL_TASK_STATUSES),
  /** Output of the last stage where the task is complete, else null. */
  result: JSON_OBJECT.nullable(),
  error: z
    .strictObject({ code: z.string(), message: z.string(), stage: NAME.optional() })
    .nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});

export type TaskFinished = z.output<typeof taskFinished>;

export const TASK_FINISHED = defineContract({
  type: 'task.finished.v1',
  description: 'A task has ended; its final response, which `mcp.responses` collects.',
  schema: taskFinished,
  exchange: 'mcp.events',
  routingKey: ({ status }) => `task.${status}`,
  subject: ({ taskId }) => taskId,
});
