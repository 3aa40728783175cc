import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const perSecond = z.number().nullable().describe('A second; null where the broker does not tell');

export const MANAGEMENT_STATES = ['ok', 'unavailable', 'not_configured'] as const;

const queueOverview = z.object({
  management: z
    .enum(MANAGEMENT_STATES)
    .describe(
      'Whether rates, policies and unacknowledged messages are there: they come from RabbitMQ’s management API',
    ),
  queues: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      exists: z.boolean(),
      ready: z.int().describe('Messages that wait for a consumer'),
      unacknowledged: z.int().nullable().describe('Messages that are being handled'),
      consumers: z.int(),
      publishedPerSecond: perSecond,
      deliveredPerSecond: perSecond,
      acknowledgedPerSecond: perSecond,
      policy: z.string().nullable().describe('The policy in force'),
    }),
  ),
});
export type QueueOverview = z.output<typeof queueOverview>;
export class QueueOverviewDto extends createZodDto(queueOverview) {}
