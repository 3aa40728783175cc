import { APP_LOGIN } from '../logins';
import {
  API_KEYS,
  DATABASE_URL,
  HTTP_CONFIG,
  LOG_LEVEL,
  RABBITMQ_MANAGEMENT_URL,
  RABBITMQ_URL,
  REDIS_KEY_PREFIX,
  REDIS_URL,
  port,
} from '../shared-variables';
import { TRACING_CONFIG } from '../tracing';
import { integer, optional } from '../variable';

/** What `coordinator` reads. */
export const COORDINATOR_CONFIG = {
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  rabbitmqManagementUrl: optional(RABBITMQ_MANAGEMENT_URL),
  login: APP_LOGIN,
  ...HTTP_CONFIG,
  port: port('COORDINATOR_PORT', 8003),
  apiKeys: optional(API_KEYS),
  keyRequestsPerMinute: integer(
    'COORDINATOR_KEY_REQUESTS_PER_MINUTE_COUNT',
    [1, 1_000_000],
    'How many requests a key may make a minute, of each coordinator',
    { default: '6000' },
  ),
  batchMaxCount: integer(
    'COORDINATOR_BATCH_MAX_COUNT',
    [1, 5000],
    'The most events one transaction takes',
    { default: '500' },
  ),
  openTasksMaxCount: integer(
    'COORDINATOR_OPEN_TASKS_MAX_COUNT',
    [1, 1_000_000],
    'How many tasks may run at a time, over all coordinators, before new ones are turned away',
    { default: '50000' },
  ),
  pollIntervalMs: integer(
    'COORDINATOR_POLL_INTERVAL_MS',
    [10, 60_000],
    'How often time-outs, retries and unsent messages are looked for',
    { default: '500' },
  ),
  logLevel: LOG_LEVEL,
  ...TRACING_CONFIG,
} as const;
