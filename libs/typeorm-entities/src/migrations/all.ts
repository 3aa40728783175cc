import type { SqlMigration } from '../migrate/sql-migration';
import { InitialSchema1764000000000 } from './1764000000000-initial-schema';
import { TaskRetriesAndLists1764100000000 } from './1764100000000-task-retries-and-lists';
import { HealthAndTraces1764200000000 } from './1764200000000-health-and-traces';

/** Every migration, in the order they are applied; a new one goes to the end. */
export const MIGRATIONS: readonly SqlMigration[] = [
  new InitialSchema1764000000000(),
  new TaskRetriesAndLists1764100000000(),
  new HealthAndTraces1764200000000(),
];
