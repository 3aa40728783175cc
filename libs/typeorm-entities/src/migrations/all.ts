import type { SqlMigration } from '../migrate/sql-migration';
import { InitialSchema1764000000000 } from './1764000000000-initial-schema';
import { TaskRetriesAndLists1764100000000 } from './1764100000000-task-retries-and-lists';

/** Every migration, in the order they are applied; a new one goes to the end. */
export const MIGRATIONS: readonly SqlMigration[] = [
  new InitialSchema1764000000000(),
  new TaskRetriesAndLists1764100000000(),
];
