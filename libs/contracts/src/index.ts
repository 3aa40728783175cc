export {
  AGENTS,
  COORDINATOR_STAGES,
  STAGE_NAMES,
  agentByStage,
  agentDefinition,
  agentRegistry,
  queueOfStage,
} from './agents';
export type { AgentDefinition } from './agents';
export { conformanceDirective } from './conformance';
export type { ConformanceDirective } from './conformance';
export { CONSUMER_HEADER, PROBE_HEADER, defineContract, parsePayload } from './contract';
export type { Contract, PayloadOf } from './contract';
export { BackboneError, ContractViolationError } from './errors';
export type { BackboneErrorOptions } from './errors';
export { TRACEPARENT, eventHeaders } from './event-headers';
export { EXIT_CODES } from './exit-codes';
export type { ExitCodeName } from './exit-codes';
export { sampleFileOf } from './sample-file';
export { ID, ID_PATTERN, JSON_OBJECT, JSON_VALUE, NAME } from './scalars';
export type { JsonObject, JsonValue } from './scalars';
export { AGENT_HEARTBEAT, AGENT_STATUSES, agentHeartbeat } from './messages/agent-heartbeat';
export type { AgentHeartbeat, AgentStatus } from './messages/agent-heartbeat';
export { STAGE_COMPLETED, stageCompleted } from './messages/stage-completed';
export type { StageCompleted } from './messages/stage-completed';
export { STAGE_FAILED, stageFailed } from './messages/stage-failed';
export type { StageFailed } from './messages/stage-failed';
export { STAGE_REQUESTED, STAGE_RETURNED, stageRequested } from './messages/stage-requested';
export type { StageRequested } from './messages/stage-requested';
export { TASK_FINISHED, taskFinished } from './messages/task-finished';
export type { TaskFinished } from './messages/task-finished';
export { CONTRACTS } from './messages/all';
export { TASK_STATUSES, TERMINAL_TASK_STATUSES, isTerminal } from './task-status';
export type { TaskStatus, TerminalTaskStatus } from './task-status';
export {
  INTENT_CATEGORIES,
  INTENT_COMPLEXITIES,
  answerOutput,
  embeddingOutput,
  executorOutput,
  intentOutput,
  moderationOutput,
  outputSchemaOf,
  passage,
  responseOutput,
  source,
} from './stage-outputs';
export type {
  AnswerOutput,
  EmbeddingOutput,
  ExecutorOutput,
  IntentOutput,
  ModerationOutput,
  Passage,
  ResponseOutput,
  Source,
} from './stage-outputs';
export {
  STAGE_STATUSES,
  TASK_EVENT_TYPES,
  failure,
  progressEvent,
  taskEvent,
  taskView,
} from './task-view';
export type {
  Failure,
  ProgressEvent,
  StageStatus,
  TaskEvent,
  TaskEventType,
  TaskView,
} from './task-view';
