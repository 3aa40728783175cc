export { attemptLimit } from './attempt-limit';
export { DEFAULT_TEMPLATES } from './default-templates';
export { describe } from './describe';
export { effectiveStages } from './effective-stages';
export { RetryStageInvalidError, TemplateInvalidError } from './errors';
export { FAILURES } from './failures';
export { givenBefore } from './given';
export type { Given } from './given';
export { packageResponse } from './package-response';
export { parseTemplate } from './parse-template';
export { reduce } from './reduce';
export { stageViews } from './stage-views';
export { startTask } from './start-task';
export type { NewTask } from './start-task';
export { condition, retryPolicy, stageLimits, taskTemplate, templateStage } from './template';
export type {
  RetryPolicy,
  StageLimits,
  TaskTemplate,
  TemplateConditions,
  TemplateStage,
} from './template';
export { findStage, stageState, taskState } from './task-state';
export type { InsertedStage, StageState, TaskState } from './task-state';
export type { Command, IgnoredReason, IncomingEvent, StageError, Transition } from './transition';
export { upstreamOutputs } from './upstream';
export { validateTemplate } from './validate';
export type { TemplateProblem, TemplateProblemCode, TemplateValidation } from './validate';
export { wakeAt } from './wake-at';
