import { z } from 'zod';
import { queueOfStage } from '../agents';
import { defineContract } from '../contract';
import { ID, JSON_OBJECT, NAME } from '../scalars';

/** Work of one stage, for the agent that owns it. */
export const stageRequested = z.strictObject({
  taskId: ID,
  stage: NAME,
  /** Counts from 1; the fencing token of everything this attempt reports. */
  attempt: z.int().min(1),
  userId: z.string().min(1).max(200),
  query: z.string(),
  /** The task's input as the client gave it. */
  input: JSON_OBJECT,
  /** Outputs of the stages this one depends on, and of those before them, by stage. */
  upstream: z.record(z.string(), JSON_OBJECT),
  /** How long this attempt may take once an agent has it, in milliseconds. */
  timeoutMs: z.int().min(1),
  /** When the coordinator gives this attempt up, on the database's clock. */
  deadlineAt: z.iso.datetime(),
});

export type StageRequested = z.output<typeof stageRequested>;

export const STAGE_REQUESTED = defineContract({
  type: 'stage.requested.v1',
  description: 'The coordinator asks an agent to work a stage off.',
  schema: stageRequested,
  exchange: 'mcp.tasks',
  routingKey: ({ stage }) => queueOfStage(stage) ?? stage,
  subject: ({ taskId }) => taskId,
});

/** The same, published again by an agent that cannot end it: agents write to `mcp.events` only. */
export const STAGE_RETURNED = defineContract({
  ...STAGE_REQUESTED,
  description: 'An agent gives a stage back to its queue.',
  exchange: 'mcp.events',
  routingKey: ({ stage }) => `stage.returned.${stage}`,
});
