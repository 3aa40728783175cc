/** The five stages of the task, in their order: every system runs them one after the other. */
export const STAGES = /** @type {const} */ ([
  'intent_analysis',
  'embedding_lookup',
  'web_search',
  'executor_reasoning',
  'moderation',
]);
