export { DATABASE_ROLES } from './access/roles';
export type { DatabaseRole, Privilege } from './access/roles';
export { createDataSource } from './data-source';
export type { DatabaseOptions } from './data-source';
export { AgentHealth } from './entities/agent-health';
export { ATTEMPT_OUTCOMES, AgentPerformance } from './entities/agent-performance';
export type { AttemptOutcome } from './entities/agent-performance';
export { AgentPerformanceSummary } from './entities/agent-performance-summary';
export { TABLE_ENTITIES, VIEW_ENTITIES } from './entities/all';
export {
  CONDITION_EVENTS,
  CONDITION_SEVERITIES,
  HealthCondition,
} from './entities/health-condition';
export type { ConditionEvent, ConditionSeverity } from './entities/health-condition';
export { TaskAnalytics } from './entities/task-analytics';
export { TEMPLATE_ORIGINS, TaskDagTemplate } from './entities/task-dag-template';
export type { TemplateOrigin } from './entities/task-dag-template';
export { TaskHistory } from './entities/task-history';
export { TaskOutbox } from './entities/task-outbox';
export { TaskStageLog } from './entities/task-stage-log';
export {
  BaselineRefusedError,
  DatabaseUnavailableError,
  MigrationFailedError,
  MigrationLockTimeoutError,
  MigrationUnknownError,
  MigrationsInvalidError,
  SchemaOutdatedError,
  SchemaTooNewError,
} from './errors';
export type { MigrationProblem } from './errors';
export { assertSchemaCurrent } from './migrate/assert-schema-current';
export { CREATE_LEDGER, LEDGER_TABLE, recordStatement } from './migrate/ledger';
export { problemsOf } from './migrate/migration-status';
export type { MigrationState, MigrationStatus } from './migrate/migration-status';
export { Migrator } from './migrate/migrator';
export type { Migrated, MigratorOptions } from './migrate/migrator';
export { compareWithEntities } from './migrate/schema-differences';
export type { SeedTemplate, SeededTemplate } from './migrate/seed-templates';
export { SqlMigration } from './migrate/sql-migration';
export type { SchemaDifference } from './migrate/view-differences';
export { MIGRATIONS } from './migrations/all';
export { Database } from './nest/database';
export { TypeormEntitiesModule } from './nest/typeorm-entities.module';
export { selectBacklog } from './queries/backlog';
export type { Backlog } from './queries/backlog';
export { selectChangedTasks } from './queries/changed-tasks';
export type { TaskSeq } from './queries/changed-tasks';
export {
  closeConditions,
  openConditions,
  selectClosedConditions,
  selectOpenConditions,
  touchConditions,
} from './queries/conditions';
export type {
  ConditionClosing,
  ConditionKey,
  ConditionRow,
  ConditionSighting,
  NewCondition,
} from './queries/conditions';
export {
  sampleRunningTasks,
  selectDatabaseFigures,
  selectInstances,
  selectWorkingInstances,
  updateInstances,
  upsertHeartbeats,
} from './queries/health';
export type { DatabaseFigures, InstanceVerdict, KnownInstance } from './queries/health';
export { jsonChecksum } from './queries/json-checksum';
export { selectAgentFigures, selectTaskFigures } from './queries/analytics';
export type { AgentFigures, TaskFigures } from './queries/analytics';
export {
  eventOf,
  leaseNotifications,
  postponeNotification,
  settleNotification,
} from './queries/notifications';
export type { LeasedNotification } from './queries/notifications';
export { deleteMessages, postponeMessages, selectUnsentMessages } from './queries/outbox';
export type { OutboxMessage } from './queries/outbox';
export { selectAgentPerformanceSummary } from './queries/performance';
export {
  deleteClosedConditions,
  deleteGoneInstances,
  takeRetentionTurn,
} from './queries/retention';
export { selectRecentTasks } from './queries/recent-tasks';
export type { RecentTask } from './queries/recent-tasks';
export { selectStageLogs } from './queries/stage-logs';
export {
  deleteFinishedTasks,
  selectDueTasks,
  selectTaskByIdempotencyKey,
  selectTasks,
  selectTasksById,
} from './queries/tasks';
export type { TaskFilter, TaskSummary } from './queries/tasks';
export {
  insertTemplateVersion,
  selectLatestVersion,
  selectTemplate,
  selectTemplates,
} from './queries/templates';
export type {
  NewAgentPerformance,
  NewStageLog,
  NewTask,
  TaskChange,
} from './queries/transition-rows';
export { writeTransitions } from './queries/write-transitions';
export type {
  GuardedChange,
  TransitionWrites,
  TransitionsWritten,
} from './queries/write-transitions';
