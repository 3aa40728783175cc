import { APP_LOGIN } from '../logins';
import {
  DATABASE_URL,
  RABBITMQ_MANAGEMENT_URL,
  RABBITMQ_URL,
  REDIS_KEY_PREFIX,
  REDIS_URL,
} from '../shared-variables';
import { optional, text, url } from '../variable';

const COORDINATOR_URL = url('COORDINATOR_URL', ['http', 'https'], 'The coordinator’s HTTP API', {
  default: 'http://127.0.0.1:8003',
});

/** What `npm run verify` reads. */
export const VERIFY_CONFIG = {
  databaseUrl: DATABASE_URL,
  redisUrl: REDIS_URL,
  redisKeyPrefix: REDIS_KEY_PREFIX,
  rabbitmqUrl: RABBITMQ_URL,
  rabbitmqManagementUrl: RABBITMQ_MANAGEMENT_URL,
  login: APP_LOGIN,
} as const;

/** What `npm run ask` reads. */
export const ASK_CONFIG = {
  coordinatorUrl: COORDINATOR_URL,
  coordinatorApiKey: optional(
    text('COORDINATOR_API_KEY', 'The key sent to a coordinator that asks for one', {
      secret: true,
    }),
  ),
} as const;

/** What `npm run conformance` reads; the agent under test is handed the rest. */
export const CONFORMANCE_CONFIG = {
  redisUrl: REDIS_URL,
  rabbitmqUrl: RABBITMQ_URL,
  rabbitmqManagementUrl: RABBITMQ_MANAGEMENT_URL,
} as const;
