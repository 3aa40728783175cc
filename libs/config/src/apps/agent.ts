import { LOG_LEVEL, RABBITMQ_URL, REDIS_KEY_PREFIX, REDIS_URL } from '../shared-variables';
import { integer, text } from '../variable';

/** What every agent reads; an agent adds its own beside it. */
export const AGENT_CONFIG = {
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  concurrency: integer(
    'AGENT_CONCURRENCY_COUNT',
    [1, 1000],
    'How many stages one instance works off at once; also its prefetch',
    { default: '10' },
  ),
  heartbeatIntervalMs: integer(
    'AGENT_HEARTBEAT_INTERVAL_MS',
    [100, 600_000],
    'Time between two heartbeats of an instance',
    { default: '5000' },
  ),
  drainTimeoutMs: integer(
    'AGENT_DRAIN_TIMEOUT_MS',
    [0, 600_000],
    'How long stages that run may go on after SIGTERM',
    { default: '20000' },
  ),
  acknowledgeAfterMs: integer(
    'AGENT_ACKNOWLEDGE_AFTER_MS',
    [10, 86_400_000],
    'After this the request of a stage that still runs is acknowledged; keep it well below the broker’s consumer_timeout',
    { default: '900000' },
  ),
  logLevel: LOG_LEVEL,
} as const;

/** What the `embedding` agent reads besides. */
export const EMBEDDING_AGENT_CONFIG = {
  ...AGENT_CONFIG,
  knowledgeDir: text(
    'KNOWLEDGE_DIR',
    'Folder whose Markdown, text and HTML files questions are answered from',
    { default: 'docs' },
  ),
} as const;
