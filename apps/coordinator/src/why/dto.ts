import { AGENT_STATUSES, ID, NAME, TASK_STATUSES, failure } from '@askflash/contracts';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

const ago = z.int().min(0).describe('In milliseconds');
const left = z.int().describe('In milliseconds; negative where it has passed');

/** An agent instance, as `agent_health` has it. */
export const instance = z.strictObject({
  instanceId: ID,
  agent: NAME,
  status: z.enum(AGENT_STATUSES),
  reason: z.string().nullable().describe('Why it is unhealthy; null where nothing is said'),
  inFlight: z.int().min(0).describe('Stages it works on'),
  seenAgoMs: ago,
});
export type Instance = z.output<typeof instance>;

const stage = NAME.describe('The stage that waits');

/** The attempt of a stage that is under way. */
const attempt = {
  stage,
  attempt: z.int().min(1),
  sinceMs: ago.describe('Since it was requested, in milliseconds'),
  leftMs: left.describe('Until the attempt is given up, in milliseconds'),
};

const queue = z.string().describe('The queue that carries the stage');
const instances = z.array(instance).describe('Those that were seen within five minutes');

/** Every cause but `dependency`, which holds causes itself. */
const plainCauses = [
  z.strictObject({
    type: z.literal('ended'),
    status: z.enum(TASK_STATUSES),
    at: z.iso.datetime(),
    error: failure.nullable(),
  }),
  z.strictObject({
    type: z.literal('queued'),
    ...attempt,
    queue,
    ready: z.int().min(1).describe('Messages that wait in the queue'),
    handedOut: z.int().min(0).nullable().describe('Messages that agents have'),
    consumers: z.int().min(0),
    drainPerSecond: z
      .number()
      .min(0)
      .nullable()
      .describe('Messages that are worked off a second; null where the broker does not tell'),
    estimatedWaitMs: z.int().min(0).nullable().describe('At most; null where nothing is taken'),
    instances,
  }),
  z.strictObject({
    type: z.literal('running'),
    ...attempt,
    queue,
    evidence: z
      .enum(['progress', 'not_in_queue'])
      .describe('`progress`: an agent said so; `not_in_queue`: nothing waits in its queue'),
    progress: z
      .strictObject({
        message: z.string().nullable(),
        fraction: z.number().min(0).max(1).nullable(),
      })
      .nullable()
      .describe('What the agent said last'),
    answersWaiting: z
      .int()
      .min(0)
      .nullable()
      .describe('Answers of all tasks that wait for the coordinator; null where nobody tells'),
    instances,
  }),
  z.strictObject({
    type: z.literal('no_consumer'),
    stage,
    queue,
    ready: z.int().min(0),
    lastSeen: instance
      .pick({ instanceId: true, agent: true, seenAgoMs: true })
      .nullable()
      .describe('The last instance that there was; null where none is known'),
  }),
  z.strictObject({
    type: z.literal('consumers_unhealthy'),
    stage,
    queue,
    healthy: z.int().min(0),
    unhealthy: z.array(instance).min(1),
  }),
  z.strictObject({ type: z.literal('queue_missing'), stage, queue: z.string().nullable() }),
  z.strictObject({
    type: z.literal('unsent'),
    stage: NAME.nullable().describe('Null for the message that the task has ended'),
    attempt: z.int().min(1).nullable(),
    sinceMs: ago,
    resends: z.int().min(0).describe('How often it was sent again'),
    nextInMs: left.describe('Until it is sent again, in milliseconds'),
    refusedAgoMs: ago.nullable().describe('Since a queue last refused a message, being full'),
  }),
  z.strictObject({
    type: z.literal('backing_off'),
    stage,
    attempt: z.int().min(1).describe('The attempt that failed'),
    error: failure.nullable(),
    failures: z.int().min(1),
    maxFailures: z.int().min(1).describe('With so many the task fails'),
    nextAttemptAt: z.iso.datetime(),
    inMs: left,
    askedByAgent: z
      .boolean()
      .describe('Whether the pause is longer than the template’s, which an agent has asked for'),
  }),
  z.strictObject({ type: z.literal('broker_blocked'), stage: NAME.nullable() }),
  z.strictObject({
    type: z.literal('broker_unreachable'),
    stage: NAME.nullable(),
    reason: z.string(),
  }),
  z.strictObject({
    type: z.literal('timing_out'),
    stage: NAME.nullable().describe('Null where the whole task’s deadline has passed'),
    attempt: z.int().min(1).nullable(),
    overdueMs: ago,
  }),
  z.strictObject({
    type: z.literal('revised'),
    stage,
    revision: z.int().min(1),
    confidence: z.number().nullable(),
    minConfidence: z.number().nullable(),
  }),
  z.strictObject({ type: z.literal('inserted'), stage, before: NAME }),
] as const;

/** A stage waits for another one, which waits itself. */
export interface DependencyCause {
  readonly type: 'dependency';
  readonly stage: string;
  readonly dependsOn: string;
  /** The stage's condition, which decides whether it runs at all; null where it has none. */
  readonly when: string | null;
  /** Why the other one waits; empty where that is told before. */
  readonly because: Cause[];
}

/** One link of the chain: what a stage, or the task, waits for. */
export type Cause = z.output<(typeof plainCauses)[number]> | DependencyCause;
export type CauseOf<Type extends Cause['type']> = Extract<Cause, { type: Type }>;

const dependency = z.strictObject({
  type: z.literal('dependency'),
  stage,
  dependsOn: NAME.describe('The stage that has to be done first'),
  when: z.string().nullable().describe('The condition that decides whether `stage` runs at all'),
  because: z
    .array(z.lazy((): z.ZodType<Cause> => cause))
    .describe('Why that one waits; empty where it is told before'),
});

export const cause: z.ZodType<Cause> = z.discriminatedUnion('type', [...plainCauses, dependency]);

/** Answer of `GET /tasks/:id/why`. */
export const explanation = z.strictObject({
  taskId: ID,
  status: z.enum(TASK_STATUSES),
  template: z.strictObject({ name: NAME, version: z.int().min(1) }),
  at: z.iso.datetime().describe('As of when, on the database’s clock'),
  ageMs: ago.describe('Since the task was made, in milliseconds'),
  stages: z.strictObject({
    done: z.int().min(0).describe('Completed or skipped'),
    count: z.int().min(1),
  }),
  summary: z.string().describe('The same in words, without the stages in between'),
  waitingFor: z.array(cause).describe('Never empty; several where branches wait on their own'),
  skipped: z
    .array(z.strictObject({ stage: NAME, when: z.string().nullable() }))
    .describe('Stages that are not run, since their condition is false'),
  deadline: z
    .strictObject({ at: z.iso.datetime(), leftMs: left })
    .nullable()
    .describe('When the whole task is given up; null where it may take for ever, or has ended'),
});
export type Explanation = z.output<typeof explanation>;

export class ExplanationDto extends createZodDto(explanation) {}
