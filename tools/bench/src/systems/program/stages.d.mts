export declare const STAGES: readonly [
  'intent_analysis',
  'embedding_lookup',
  'web_search',
  'executor_reasoning',
  'moderation',
];
