import { TASK_STATUSES } from '@askflash/contracts';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

/** Query of both analytics. */
const period = z.strictObject({
  hours: z.coerce
    .number()
    .int()
    .min(1)
    .max(24 * 90)
    .default(24)
    .describe('How many hours back'),
});
export class PeriodDto extends createZodDto(period) {}

const milliseconds = z.number().nullable().describe('In milliseconds; null where nothing tells');

const taskAnalytics = z.object({
  hours: z.int(),
  rows: z.array(
    z.object({
      templateName: z.string(),
      templateVersion: z.int(),
      status: z.enum(TASK_STATUSES),
      tasks: z.int().describe('How many were made in these hours and are in this status now'),
      avgDurationMs: milliseconds,
      p50DurationMs: milliseconds,
      p95DurationMs: milliseconds,
      avgEvents: z.number().describe('Durable events a task'),
    }),
  ),
});
export type TaskAnalytics = z.output<typeof taskAnalytics>;
export class TaskAnalyticsDto extends createZodDto(taskAnalytics) {}

const agentAnalytics = z.object({
  hours: z.int(),
  rows: z.array(
    z.object({
      agent: z.string(),
      stage: z.string(),
      attempts: z.int().describe('Attempts that ended in these hours'),
      completed: z.int(),
      failed: z.int(),
      avgDurationMs: z.number(),
      p50DurationMs: z.number(),
      p95DurationMs: z.number(),
      avgQueueWaitMs: milliseconds,
      lastAt: z.iso.datetime().describe('When the newest of them ended'),
    }),
  ),
});
export type AgentAnalytics = z.output<typeof agentAnalytics>;
export class AgentAnalyticsDto extends createZodDto(agentAnalytics) {}
