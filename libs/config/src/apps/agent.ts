import { z } from 'zod';
import { EMBEDDING_MODEL_CONFIG, LANGUAGE_MODEL_CONFIG } from '../language-model';
import { APP_LOGIN } from '../logins';
import {
  HTTP_CONFIG,
  LOG_LEVEL,
  RABBITMQ_URL,
  REDIS_KEY_PREFIX,
  REDIS_URL,
  port,
} from '../shared-variables';
import { TRACING_CONFIG } from '../tracing';
import { flag, integer, list, optional, text, url, type Variable } from '../variable';

/** What every agent reads; those that follow add their own to it. */
export const AGENT_CONFIG = {
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  login: APP_LOGIN,
  ...HTTP_CONFIG,
  port: port('AGENT_PORT', 0),
  concurrency: optional(
    integer(
      'AGENT_CONCURRENCY_COUNT',
      [1, 1000],
      'How many stages one instance works off at once, also its prefetch; where not set what the registry says of the agent, else 10',
    ),
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
  conformance: flag(
    'AGENT_CONFORMANCE',
    'Whether the agent heeds `input.conformance`, for conformance runs only: any client could make it fail',
  ),
  logLevel: LOG_LEVEL,
  ...TRACING_CONFIG,
} as const;

/** What the `intent` agent reads. */
export const INTENT_AGENT_CONFIG = { ...AGENT_CONFIG, ...LANGUAGE_MODEL_CONFIG } as const;

/** What the `executor` agent reads. */
export const EXECUTOR_AGENT_CONFIG = { ...AGENT_CONFIG, ...LANGUAGE_MODEL_CONFIG } as const;

/** What the `moderator` agent reads. */
export const MODERATOR_AGENT_CONFIG = {
  ...AGENT_CONFIG,
  ...LANGUAGE_MODEL_CONFIG,
  forbiddenPhrases: list(
    'MODERATOR_FORBIDDEN_PHRASES',
    'Phrases that no answer may hold, parted by commas; case and white space do not matter',
    { default: 'BEGIN PRIVATE KEY,BEGIN RSA PRIVATE KEY,BEGIN OPENSSH PRIVATE KEY' },
  ),
} as const;

/** What the `embedding` agent reads. */
export const EMBEDDING_AGENT_CONFIG = {
  ...AGENT_CONFIG,
  ...EMBEDDING_MODEL_CONFIG,
  knowledgeDir: text(
    'KNOWLEDGE_DIR',
    'Folder whose Markdown, text and HTML files questions are answered from',
    { default: 'docs' },
  ),
  qdrantUrl: optional(
    url(
      'QDRANT_URL',
      ['http', 'https'],
      'Qdrant, whose vectors then take the place of full-text search; its port is 6333 unless the URL has one',
    ),
  ),
  qdrantApiKey: optional(
    text('QDRANT_API_KEY', 'Key of Qdrant, if it asks for one', { secret: true }),
  ),
  qdrantCollection: {
    name: 'QDRANT_COLLECTION',
    description: 'Collection that holds the passages; one for each KNOWLEDGE_DIR',
    allowed: 'letters, digits, _ and -, up to 100 characters',
    schema: z.string().regex(/^[\w-]{1,100}$/),
    default: 'askflash_passages',
  } satisfies Variable<z.ZodString>,
} as const;

/** What the `websearch` agent reads. */
export const WEBSEARCH_AGENT_CONFIG = {
  ...AGENT_CONFIG,
  searxngUrl: optional(
    url('SEARXNG_URL', ['http', 'https'], 'SearXNG, with its JSON format switched on'),
  ),
  braveApiKey: optional(
    text('BRAVE_API_KEY', 'Key of the Brave Search API, used where no SEARXNG_URL is set', {
      secret: true,
    }),
  ),
  braveBaseUrl: url('BRAVE_BASE_URL', ['http', 'https'], 'Where the Brave Search API is', {
    default: 'https://api.search.brave.com',
  }),
} as const;
