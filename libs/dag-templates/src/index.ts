export { DEFAULT_TEMPLATES } from './default-templates';
export { condition, retryPolicy, stageLimits, taskTemplate, templateStage } from './template';
export type {
  Condition,
  RetryPolicy,
  StageLimits,
  TaskTemplate,
  TemplateConditions,
  TemplateStage,
} from './template';
export { stageState, taskState } from './task-state';
export type { InsertedStage, StageState, TaskState } from './task-state';
export type { Command, IgnoredReason, IncomingEvent, StageError, Transition } from './transition';
