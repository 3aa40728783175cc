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
import { integer, link, optional, text, url } from '../variable';

/** What `health-monitor` reads. */
export const HEALTH_MONITOR_CONFIG = {
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  rabbitmqManagementUrl: RABBITMQ_MANAGEMENT_URL,
  login: APP_LOGIN,
  ...HTTP_CONFIG,
  port: port('HEALTH_MONITOR_PORT', 8004),
  apiKeys: optional(API_KEYS),
  publicUrl: link(
    'HEALTH_MONITOR_PUBLIC_URL',
    'Where people reach the health-monitor; the addresses of runbooks begin with it',
    { default: 'http://127.0.0.1:8004' },
  ),
  coordinatorPublicUrl: optional(
    link(
      'COORDINATOR_PUBLIC_URL',
      'Where people reach the coordinator; the status page links to its dead letters',
    ),
  ),
  checkTimeoutMs: integer(
    'HEALTH_MONITOR_CHECK_TIMEOUT_MS',
    [100, 60_000],
    'How long one dependency may take to answer a readiness check',
    { default: '2000' },
  ),
  intervalMs: integer(
    'HEALTH_MONITOR_INTERVAL_MS',
    [100, 600_000],
    'Time between two looks at servers, queues and agents',
    { default: '5000' },
  ),
  canaryIntervalMs: integer(
    'HEALTH_MONITOR_CANARY_INTERVAL_MS',
    [100, 600_000],
    'Time between two rounds of canaries through the queues; a frozen consumer is found within two',
    { default: '10000' },
  ),
  agentGoneAfterMs: integer(
    'HEALTH_MONITOR_AGENT_GONE_AFTER_MS',
    [1000, 86_400_000],
    'After so long without a heartbeat an instance is gone for good, and no longer missed',
    { default: '300000' },
  ),
  queueWaitMs: integer(
    'HEALTH_MONITOR_QUEUE_WAIT_MS',
    [100, 86_400_000],
    'How long a canary may wait in a queue before the queue counts as slow',
    { default: '30000' },
  ),
  deadLettersCount: integer(
    'HEALTH_MONITOR_DEAD_LETTERS_COUNT',
    [1, 1_000_000],
    'So many new dead letters within ten minutes are a condition',
    { default: '10' },
  ),
  outboxAgeMs: integer(
    'HEALTH_MONITOR_OUTBOX_AGE_MS',
    [1000, 86_400_000],
    'How old an unsent message may get before the outbox counts as not draining',
    { default: '20000' },
  ),
  redisMemoryPercent: integer(
    'HEALTH_MONITOR_REDIS_MEMORY_PERCENT',
    [1, 100],
    'From so much of its maxmemory on Redis counts as near its limit',
    { default: '90' },
  ),
  postgresConnectionsPercent: integer(
    'HEALTH_MONITOR_POSTGRES_CONNECTIONS_PERCENT',
    [1, 100],
    'From so much of its max_connections on PostgreSQL counts as short of connections',
    { default: '85' },
  ),
  webhookUrl: optional(
    url(
      'HEALTH_MONITOR_WEBHOOK_URL',
      ['http', 'https'],
      'Told of every condition that opens or closes; signed as Standard Webhooks say',
      { secret: true },
    ),
  ),
  webhookSecret: optional(
    text(
      'HEALTH_MONITOR_WEBHOOK_SECRET',
      'Signs what the webhook is told: 24 to 64 bytes in base64, whsec_ before them or not',
      { secret: true },
    ),
  ),
  retentionDays: integer(
    'RETENTION_DAYS',
    [0, 3650],
    'Finished tasks and their logs, closed conditions and instances that are gone are kept for so many days; 0 keeps them for ever',
    { default: '7' },
  ),
  logLevel: LOG_LEVEL,
  ...TRACING_CONFIG,
} as const;
