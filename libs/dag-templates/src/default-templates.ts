import { EMBEDDING, EXECUTOR, MODERATION, PACKAGING, WEB_SEARCH } from './stage-roles';
import { type RetryPolicy, type TaskTemplate, type TemplateStage } from './template';

const RETRY: RetryPolicy = { limit: 1, backoffMs: 1_000, factor: 2, maxBackoffMs: 30_000 };
const INTENT = 'intent_analysis';

const TIMEOUTS_MS = {
  [INTENT]: 15_000,
  [EMBEDDING]: 15_000,
  [WEB_SEARCH]: 30_000,
  [EXECUTOR]: 60_000,
  [MODERATION]: 20_000,
  [PACKAGING]: 5_000,
};

function stage(name: keyof typeof TIMEOUTS_MS, ...dependsOn: string[]): TemplateStage {
  return { name, dependsOn, timeoutMs: TIMEOUTS_MS[name], retry: RETRY };
}

/** The templates every installation starts with; a user's later versions stand beside them. */
export const DEFAULT_TEMPLATES: readonly TaskTemplate[] = [
  {
    name: 'standard_query',
    version: 1,
    description: 'A question answered from the knowledge at hand, with a moderated answer',
    stages: [
      stage(INTENT),
      stage(EMBEDDING, INTENT),
      stage(EXECUTOR, EMBEDDING),
      stage(MODERATION, EXECUTOR),
      stage(PACKAGING, MODERATION),
    ],
    conditions: {
      minConfidence: 0.7,
      maxRevisions: 1,
      webSearchOnDemand: { timeoutMs: TIMEOUTS_MS[WEB_SEARCH], retry: RETRY },
    },
  },
  {
    name: 'simple_lookup',
    version: 1,
    description: 'The passages that bear on a query, as they stand',
    stages: [stage(EMBEDDING), stage(PACKAGING, EMBEDDING)],
    conditions: {},
  },
  {
    name: 'complex_research',
    version: 1,
    description:
      'A question answered from the knowledge at hand and the web, searched side by side',
    stages: [
      stage(INTENT),
      stage(EMBEDDING, INTENT),
      stage(WEB_SEARCH, INTENT),
      stage(EXECUTOR, EMBEDDING, WEB_SEARCH),
      stage(MODERATION, EXECUTOR),
      stage(PACKAGING, MODERATION),
    ],
    conditions: { minConfidence: 0.7, maxRevisions: 1 },
  },
  {
    name: 'web_enhanced',
    version: 1,
    description: 'A question answered from the web first, then from the knowledge at hand',
    stages: [
      stage(INTENT),
      stage(WEB_SEARCH, INTENT),
      stage(EMBEDDING, WEB_SEARCH),
      stage(EXECUTOR, EMBEDDING),
      stage(MODERATION, EXECUTOR),
      stage(PACKAGING, MODERATION),
    ],
    conditions: { minConfidence: 0.7, maxRevisions: 1 },
  },
  {
    name: 'quick_answer',
    version: 1,
    description: 'A question answered from the knowledge at hand, unmoderated',
    stages: [stage(EMBEDDING), stage(EXECUTOR, EMBEDDING), stage(PACKAGING, EXECUTOR)],
    conditions: {},
  },
];
