import type { AgentPerformance } from '../entities/agent-performance';
import type { TaskHistory } from '../entities/task-history';
import type { TaskStageLog } from '../entities/task-stage-log';

/** A task as it is accepted. */
export type NewTask = Pick<
  TaskHistory,
  | 'id'
  | 'userId'
  | 'query'
  | 'input'
  | 'templateName'
  | 'templateVersion'
  | 'status'
  | 'state'
  | 'eventSeq'
  | 'priority'
  | 'idempotencyKey'
  | 'requestHash'
  | 'retryOf'
  | 'traceparent'
  | 'wakeAt'
  | 'deadlineAt'
  | 'result'
  | 'error'
  | 'createdAt'
  | 'finishedAt'
>;

/** What a transition changes of a task. */
export type TaskChange = Pick<
  TaskHistory,
  | 'id'
  | 'status'
  | 'state'
  | 'eventSeq'
  | 'result'
  | 'error'
  | 'wakeAt'
  | 'deadlineAt'
  | 'finishedAt'
>;

/** An event as it is appended. */
export type NewStageLog = Pick<
  TaskStageLog,
  'taskId' | 'seq' | 'type' | 'stage' | 'attempt' | 'data' | 'at'
>;

/** An attempt as it is recorded. */
export type NewAgentPerformance = Omit<AgentPerformance, 'task' | 'createdAt'>;
