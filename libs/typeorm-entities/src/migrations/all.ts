import type { SqlMigration } from '../migrate/sql-migration';
import { InitialSchema1764000000000 } from './1764000000000-initial-schema';

/** Every migration, in the order they are applied; a new one goes to the end. */
export const MIGRATIONS: readonly SqlMigration[] = [new InitialSchema1764000000000()];
