export {
  AGENT_CONFIG,
  EMBEDDING_AGENT_CONFIG,
  EXECUTOR_AGENT_CONFIG,
  INTENT_AGENT_CONFIG,
  MODERATOR_AGENT_CONFIG,
  WEBSEARCH_AGENT_CONFIG,
  loadConfig,
} from '@askflash/config';
export {
  BackboneError,
  INTENT_CATEGORIES,
  INTENT_COMPLEXITIES,
  answerOutput,
  embeddingOutput,
  executorOutput,
  intentOutput,
  moderationOutput,
} from '@askflash/contracts';
export type {
  AnswerOutput,
  EmbeddingOutput,
  ExecutorOutput,
  IntentOutput,
  ModerationOutput,
  Passage,
  ProgressEvent,
  Source,
  StageRequested,
} from '@askflash/contracts';
export { resolveAgent } from './agent-definition';
export { Agent, Stage } from './decorators';
export type { AgentOptions } from './decorators';
export {
  AgentDefinitionInvalidError,
  AgentStoppingError,
  NonRetryableError,
  RetryLaterError,
  StageExpiredError,
  StageInputInvalidError,
  StageOutputInvalidError,
  StageTimeoutError,
  StageUnwantedError,
} from './errors';
export { runAgent } from './run-agent';
export type { RunAgentOptions } from './run-agent';
export { runStage } from './run-stage';
export type { StageInput, StageRun } from './run-stage';
export { StageContext } from './stage-context';
export type { TaskOfStage } from './stage-context';
export { startAgent } from './start-agent';
export type { StartAgentOptions } from './start-agent';
