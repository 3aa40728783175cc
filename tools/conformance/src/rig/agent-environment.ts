import type { Environment } from '@askflash/config';

/** How long the agent under test may go on with its work after SIGTERM, in milliseconds. */
export const DRAIN_TIMEOUT_MS = 10_000;

/** Between two heartbeats of the agent under test, in milliseconds. */
export const HEARTBEAT_INTERVAL_MS = 500;

/** What the agent under test is started with: the run’s own corner of the servers, and the rest as it is. */
export function agentEnvironment(servers: {
  readonly rabbitmqUrl: string;
  readonly redisUrl: string;
  readonly redisKeyPrefix: string;
}): Environment {
  return {
    LOG_LEVEL: 'warn',
    ...process.env,
    RABBITMQ_URL: servers.rabbitmqUrl,
    REDIS_URL: servers.redisUrl,
    REDIS_KEY_PREFIX: servers.redisKeyPrefix,
    AGENT_CONFORMANCE: 'true',
    AGENT_DRAIN_TIMEOUT_MS: String(DRAIN_TIMEOUT_MS),
    AGENT_HEARTBEAT_INTERVAL_MS: String(HEARTBEAT_INTERVAL_MS),
    // A port that the stack’s own agent has taken is none for this one.
    AGENT_PORT: '0',
    ASKFLASH_STACK_FILE: '',
  };
}
