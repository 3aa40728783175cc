import { APP_LOGINS } from '../logins';
import { LOG_LEVEL, RABBITMQ_MANAGEMENT_URL, RABBITMQ_URL } from '../shared-variables';

/** What `queue-init` reads. */
export const QUEUE_INIT_CONFIG = {
  rabbitmqUrl: RABBITMQ_URL,
  rabbitmqManagementUrl: RABBITMQ_MANAGEMENT_URL,
  logins: APP_LOGINS,
  logLevel: LOG_LEVEL,
} as const;
