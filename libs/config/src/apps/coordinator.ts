import {
  DATABASE_URL,
  HTTP_HOST,
  LOG_LEVEL,
  RABBITMQ_URL,
  REDIS_KEY_PREFIX,
  REDIS_URL,
  port,
} from '../shared-variables';
import { integer } from '../variable';

/** What `coordinator` reads. */
export const COORDINATOR_CONFIG = {
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  httpHost: HTTP_HOST,
  port: port('COORDINATOR_PORT', 8003),
  batchMaxCount: integer(
    'COORDINATOR_BATCH_MAX_COUNT',
    [1, 5000],
    'The most events one transaction takes',
    { default: '200' },
  ),
  pollIntervalMs: integer(
    'COORDINATOR_POLL_INTERVAL_MS',
    [10, 60_000],
    'How often time-outs, retries and unsent messages are looked for',
    { default: '500' },
  ),
  logLevel: LOG_LEVEL,
} as const;
