import { DATABASE_URL, LOG_LEVEL } from '../shared-variables';

/** What `migration-runner` reads. */
export const MIGRATION_RUNNER_CONFIG = {
  databaseUrl: DATABASE_URL,
  logLevel: LOG_LEVEL,
} as const;
