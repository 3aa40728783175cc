import {
  DATABASE_URL,
  HTTP_HOST,
  LOG_LEVEL,
  RABBITMQ_MANAGEMENT_URL,
  RABBITMQ_URL,
  REDIS_KEY_PREFIX,
  REDIS_URL,
  port,
} from '../shared-variables';
import { integer } from '../variable';

/** What `health-monitor` reads. */
export const HEALTH_MONITOR_CONFIG = {
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  rabbitmqManagementUrl: RABBITMQ_MANAGEMENT_URL,
  httpHost: HTTP_HOST,
  port: port('HEALTH_MONITOR_PORT', 8004),
  checkTimeoutMs: integer(
    'HEALTH_MONITOR_CHECK_TIMEOUT_MS',
    [100, 60_000],
    'How long one dependency may take to answer a readiness check',
    { default: '2000' },
  ),
  logLevel: LOG_LEVEL,
} as const;
