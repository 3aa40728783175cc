import { z } from 'zod';
import { defineContract } from '../contract';
import { ID, JSON_OBJECT, NAME } from '../scalars';

/** A stage's result. */
export const stageCompleted = z.strictObject({
  taskId: ID,
  stage: NAME,
  attempt: z.int().min(1),
  agent: NAME,
  instanceId: ID,
  output: JSON_OBJECT,
  startedAt: z.iso.datetime(),
  /** Time in the handler, in milliseconds. */
  durationMs: z.number().min(0).max(Number.MAX_SAFE_INTEGER),
});

export type StageCompleted = z.output<typeof stageCompleted>;

export const STAGE_COMPLETED = defineContract({
  type: 'stage.completed.v1',
  description: 'An agent finished a stage.',
  schema: stageCompleted,
  exchange: 'mcp.events',
  routingKey: ({ stage }) => `stage.completed.${stage}`,
  subject: ({ taskId }) => taskId,
});
