import { APP_LOGINS } from '../logins';
import { DATABASE_URL, LOG_LEVEL } from '../shared-variables';

/** What `migration-runner` reads. */
export const MIGRATION_RUNNER_CONFIG = {
  databaseUrl: DATABASE_URL,
  logins: APP_LOGINS,
  logLevel: LOG_LEVEL,
} as const;
