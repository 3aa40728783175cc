import { z } from 'zod';

/** Where something was found. */
export const source = z.object({
  /** File, relative to the knowledge directory, or URL. */
  path: z.string(),
  /** Heading the passage stands under; empty at the top of a file. */
  heading: z.string(),
});
export type Source = z.output<typeof source>;

/** A piece of a document, as long as one section at most. */
export const passage = source.extend({
  text: z.string(),
  /** Relevance; comparable only within one result. */
  score: z.number(),
});
export type Passage = z.output<typeof passage>;

/** Who came to a judgement: an agent's own rules, or a language model that it asked. */
const judge = z.enum(['rules', 'model']);

/** What kind of question a query is. */
export const INTENT_CATEGORIES = [
  'informational',
  'procedural',
  'navigational',
  'transactional',
  'comparative',
  'diagnostic',
  'creative',
  'analytical',
] as const;

/** How much work a query asks for, least first. */
export const INTENT_COMPLEXITIES = ['simple', 'moderate', 'complex'] as const;

/** Output of `intent_analysis`. */
export const intentOutput = z.object({
  category: z.enum(INTENT_CATEGORIES),
  complexity: z.enum(INTENT_COMPLEXITIES),
  /** The questions that the query is made of, in its order; none where it is a single one. */
  subQuestions: z.array(z.string()),
  /** Whether it asks for what only the web can know. */
  needsWeb: z.boolean(),
  by: judge,
});
export type IntentOutput = z.output<typeof intentOutput>;

/** Output of `embedding_lookup` and, in the same shape, of `web_search`. */
export const embeddingOutput = z.object({
  passages: z.array(passage),
  /** What the reader should know of the search, such as why it brought nothing. */
  note: z.string().optional(),
});
export type EmbeddingOutput = z.output<typeof embeddingOutput>;

/**
 * Output of any stage that answers the query, or puts an earlier answer in other words. The last such
 * stage of a task has the say: `response_packaging` takes its answer, and its sources if it names any.
 */
export const answerOutput = z.object({
  answer: z.string(),
  /** What the answer rests on; those of the answer before it where left out. */
  sources: z.array(source).optional(),
});
export type AnswerOutput = z.output<typeof answerOutput>;

/** Output of `executor_reasoning`. */
export const executorOutput = answerOutput.extend({
  sources: z.array(source),
  /** True asks the coordinator to put `web_search` in and to run the stage again after it. */
  needsWebSearch: z.boolean().optional(),
});
export type ExecutorOutput = z.output<typeof executorOutput>;

/** Output of `moderation`. */
export const moderationOutput = z.object({
  /** 0–1; below the template's threshold the executor runs again. */
  confidence: z.number().min(0).max(1),
  reasons: z.array(z.string()),
  by: judge.optional(),
});
export type ModerationOutput = z.output<typeof moderationOutput>;

/** Output of `response_packaging`, the result of a complete task. */
export const responseOutput = z.object({
  answer: z.string(),
  sources: z.array(source),
  /** The moderator's confidence; null where the template has no moderation. */
  confidence: z.number().min(0).max(1).nullable(),
});
export type ResponseOutput = z.output<typeof responseOutput>;

const outputSchemas: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>([
  ['embedding_lookup', embeddingOutput],
  ['web_search', embeddingOutput],
  ['executor_reasoning', executorOutput],
  ['moderation', moderationOutput],
  ['response_packaging', responseOutput],
]);

/** The schema of a stage's output; undefined where the stage may give any JSON object. */
export function outputSchemaOf(stage: string): z.ZodType | undefined {
  return outputSchemas.get(stage);
}
