import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';

/** From where on a figure is a condition. */
export type Thresholds = Pick<
  ConfigOf<typeof HEALTH_MONITOR_CONFIG>,
  | 'canaryIntervalMs'
  | 'queueWaitMs'
  | 'deadLettersCount'
  | 'outboxAgeMs'
  | 'redisMemoryPercent'
  | 'postgresConnectionsPercent'
>;
