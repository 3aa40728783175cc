import { NAME } from '@askflash/contracts';
import { z } from 'zod';
import { MAX_EXPRESSION_LENGTH } from './expression';

/**
 * Glossary
 *
 * - *template*: the DAG a task runs through, as data. A version never changes; a running task keeps
 *   the one it started with.
 * - *stage*: one step of it. *Upstream* of a stage is all it depends on, directly or not.
 * - *attempt*: one request of a stage. Its number grows by one with each request over the whole task.
 * - *round*: the attempts of a stage between two of its reopenings (by a revision or a web search);
 *   the retry limit counts within a round.
 */

/** Text as PostgreSQL can store it: without U+0000 and without half a surrogate pair. */
const text = z.string().regex(/^[^\0\p{Cs}]*$/u, 'must be well-formed text without U+0000');

/** How often and how late a stage that failed is requested again within a round. */
export const retryPolicy = z.strictObject({
  /** Retries after the first attempt. */
  limit: z.int().min(0).max(20).default(1),
  /** Pause before the first retry, in milliseconds; half of it is jitter. */
  backoffMs: z.int().min(0).max(3_600_000).default(1_000),
  /** What the pause is multiplied by with each further retry. */
  factor: z.number().min(1).max(10).default(2),
  /** The longest pause, in milliseconds; also bounds what an agent asks for. */
  maxBackoffMs: z.int().min(0).max(3_600_000).default(30_000),
});
export type RetryPolicy = z.output<typeof retryPolicy>;

/** How long one attempt may take and what follows when it fails. */
export const stageLimits = z.strictObject({
  /** From the request to the moment it is given up, in milliseconds; 10 ms to 24 h. */
  timeoutMs: z.int().min(10).max(86_400_000),
  retry: retryPolicy.prefault({}),
});
export type StageLimits = z.output<typeof stageLimits>;

/**
 * Whether a stage is run, as an expression in (a part of) CEL that gives true or false, over `input`,
 * the task's input, and `upstream`, the outputs by stage: `has(input.deep) && input.deep`. It can run
 * no code. Where it cannot be told, for it asks about what is not there, the task fails.
 */
export const condition = text.min(1).max(MAX_EXPRESSION_LENGTH);

/** One stage of a template. */
export const templateStage = z.strictObject({
  name: NAME,
  /** Stages that have to be completed or skipped before this one starts. */
  dependsOn: z.array(NAME).max(100).default([]),
  ...stageLimits.shape,
  /** The stage is skipped where this is false once it could start. */
  when: condition.optional(),
});
export type TemplateStage = z.output<typeof templateStage>;

/** When a task leaves the straight way through its stages. */
export const templateConditions = z.strictObject({
  /** 0–1; below it `moderation` sends the task back to `executor_reasoning`. */
  minConfidence: z.number().min(0).max(1).optional(),
  /** How often it may; 1 where nothing is said. After that the task goes on as it is. */
  maxRevisions: z.int().min(0).max(10).optional(),
  /** Given, `executor_reasoning` may ask for a `web_search` under these limits, once a task. */
  webSearchOnDemand: stageLimits.optional(),
});
export type TemplateConditions = z.output<typeof templateConditions>;

/**
 * A template as PostgreSQL stores it. This is its shape only: `validateTemplate` also checks that
 * its stages make a DAG that can run.
 */
export const taskTemplate = z.strictObject({
  name: NAME,
  version: z.int().min(1),
  description: text.min(1).max(500),
  stages: z.array(templateStage).min(1).max(100),
  conditions: templateConditions.prefault({}),
});
export type TaskTemplate = z.output<typeof taskTemplate>;
