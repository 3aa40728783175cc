import { AgentHealth } from './agent-health';
import { AgentPerformance } from './agent-performance';
import { AgentPerformanceSummary } from './agent-performance-summary';
import { HealthCondition } from './health-condition';
import { TaskAnalytics } from './task-analytics';
import { TaskDagTemplate } from './task-dag-template';
import { TaskHistory } from './task-history';
import { TaskOutbox } from './task-outbox';
import { TaskStageLog } from './task-stage-log';

/** Every table. */
export const TABLE_ENTITIES = [
  TaskHistory,
  TaskDagTemplate,
  TaskStageLog,
  AgentPerformance,
  AgentHealth,
  HealthCondition,
  TaskOutbox,
];

/** Every view. */
export const VIEW_ENTITIES = [TaskAnalytics, AgentPerformanceSummary];
