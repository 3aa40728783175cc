export {
  RedisKeyPrefixInvalidError,
  RedisReplyUnexpectedError,
  RedisUnavailableError,
  RedisUrlInvalidError,
  StreamIdInvalidError,
  TaskEventsInvalidError,
} from './errors';
export { HISTORY_LENGTH, HISTORY_TTL_SECONDS, STREAM_LENGTH, TASK_TTL_SECONDS } from './limits';
export type { RedisFigures } from './redis-figures';
export { RedisTasks, connectRedisTasks } from './redis-tasks';
export { RedisTasksModule } from './redis-tasks.module';
export type {
  AppendResult,
  CreateResult,
  HistoryOptions,
  HistoryPage,
  ReadResult,
  RebuildResult,
  RedisStatus,
  RedisTasksOptions,
  StreamItem,
  SubscribeOptions,
  TaskTransition,
  TransitionResult,
} from './types';
