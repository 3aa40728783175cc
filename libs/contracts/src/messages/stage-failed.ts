import { z } from 'zod';
import { defineContract } from '../contract';
import { ID, NAME } from '../scalars';

/** Why a stage did not succeed. */
export const stageFailed = z.strictObject({
  taskId: ID,
  stage: NAME,
  attempt: z.int().min(1),
  agent: NAME,
  instanceId: ID,
  error: z.strictObject({
    code: z.string().min(1).max(100),
    message: z.string().max(4000),
    /** False where another attempt cannot help. */
    retryable: z.boolean(),
    /** The agent's wish for how long to wait before the next attempt, in milliseconds. */
    retryAfterMs: z.int().min(0).optional(),
  }),
  startedAt: z.iso.datetime(),
  /** Time in the handler, in milliseconds. */
  durationMs: z.number().min(0).max(Number.MAX_SAFE_INTEGER),
});

export type StageFailed = z.output<typeof stageFailed>;

export const STAGE_FAILED = defineContract({
  type: 'stage.failed.v1',
  description: 'An agent could not finish a stage.',
  schema: stageFailed,
  exchange: 'mcp.events',
  routingKey: ({ stage }) => `stage.failed.${stage}`,
  subject: ({ taskId }) => taskId,
});
