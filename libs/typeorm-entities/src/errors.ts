import { certificateProblem } from '@askflash/config';
import { BackboneError } from '@askflash/contracts';

/** PostgreSQL cannot be reached, or does not answer in time. */
export class DatabaseUnavailableError extends BackboneError {
  static override readonly code = 'DATABASE_UNAVAILABLE';
  static override readonly when =
    'PostgreSQL cannot be reached, refuses the connection, or does not answer in the time given.';
  static override readonly remedy =
    'See that PostgreSQL runs and that DATABASE_URL is right; a runner can wait for it: `migration-runner up --wait 60`.';
  static override readonly exit = 'unavailable';

  constructor(cause: unknown) {
    super(`PostgreSQL does not answer: ${reasonOf(cause)}`, { cause });
  }
}

/** An app meets a database that lacks migrations it needs. */
export class SchemaOutdatedError extends BackboneError {
  static override readonly code = 'SCHEMA_OUTDATED';
  static override readonly when =
    'The database lacks migrations that the app needs; checked when the app starts.';
  static override readonly remedy = 'Run `migration-runner up`, then start the app again.';
  static override readonly exit = 'drift';

  constructor(readonly missing: readonly string[]) {
    super(`The database lacks ${missing.join(', ')}`, { fields: { missing } });
  }
}

/** Code meets a database with migrations it does not know. */
export class SchemaTooNewError extends BackboneError {
  static override readonly code = 'SCHEMA_TOO_NEW';
  static override readonly when =
    'The database has migrations that this version of the code does not know.';
  static override readonly remedy =
    'Deploy the version that brought these migrations; or take them back with that version’s `migration-runner down`.';
  static override readonly exit = 'drift';

  constructor(readonly unknown: readonly string[]) {
    super(`The database is newer than this code: it has ${unknown.join(', ')}`, {
      fields: { unknown },
    });
  }
}

/** What `validate` finds wrong with one migration. */
export interface MigrationProblem {
  readonly name: string;
  /** changed: its SQL is not what was applied. missing: a later one is applied, it is not. */
  readonly problem: 'changed' | 'missing' | 'unknown';
}

/** The ledger of the database and the migrations of the code contradict each other. */
export class MigrationsInvalidError extends BackboneError {
  static override readonly code = 'MIGRATIONS_INVALID';
  static override readonly when =
    'An applied migration was edited or skipped, or the database has one that the code lacks.';
  static override readonly remedy =
    'Restore a changed migration and put the change into a new one at the end of the list; move a missing one to the end; for an unknown one use the version of the code that has it. `migration-runner status` shows all of them.';
  static override readonly exit = 'invalid';

  constructor(readonly problems: readonly MigrationProblem[]) {
    super(problems.map(({ name, problem }) => `${name} is ${problem}`).join('; '), {
      fields: { problems },
    });
  }
}

/** Another runner, or a transaction of an app, held a lock for too long. */
export class MigrationLockTimeoutError extends BackboneError {
  static override readonly code = 'MIGRATION_LOCK_TIMEOUT';
  static override readonly when =
    'Another migration runner, or a transaction on a table to be changed, held its lock until the time-out.';
  static override readonly remedy =
    'Run it again when the other is done, or wait longer with `--lock-timeout SECONDS`; `SELECT * FROM pg_stat_activity` shows who is connected.';
  static override readonly exit = 'locked';

  constructor(
    readonly timeoutMs: number,
    options: { readonly holder: string; readonly cause?: unknown },
  ) {
    super(`${options.holder} held the lock for ${timeoutMs / 1000} s`, {
      fields: { timeoutMs },
      ...(options.cause === undefined ? {} : { cause: options.cause }),
    });
  }
}

/** A migration could not be applied or reverted. */
export class MigrationFailedError extends BackboneError {
  static override readonly code = 'MIGRATION_FAILED';
  static override readonly when =
    'A statement of a migration failed; those before this migration stay, nothing of it does.';
  static override readonly remedy =
    'Mend what the message names, in the migration or in the data, and run the same command again: it goes on with this migration.';

  constructor(
    readonly migration: string,
    cause: unknown,
    readonly leftover: string | null = null,
  ) {
    super(
      `${migration}: ${reasonOf(cause)}` +
        (leftover === null
          ? ' (nothing of it was kept)'
          : ` (it runs without a transaction, and clearing up failed too: ${leftover})`),
      { fields: { migration }, cause },
    );
  }
}

/** A command names a migration by a number that there is not. */
export class MigrationUnknownError extends BackboneError {
  static override readonly code = 'MIGRATION_UNKNOWN';
  static override readonly when = '`--to` is given a number that no migration has.';
  static override readonly remedy = 'Use a number that `migration-runner status` shows.';
  static override readonly exit = 'usage';

  constructor(number: number, count: number) {
    super(`There is no migration ${number}; they are numbered 1 to ${count}`, {
      fields: { number, count },
    });
  }
}

/** A database cannot be declared migrated. */
export class BaselineRefusedError extends BackboneError {
  static override readonly code = 'BASELINE_REFUSED';
  static override readonly when =
    '`baseline` finds a ledger with entries, or tables that are not those of the migrations.';
  static override readonly remedy =
    'Use `migration-runner up` on a database that has a ledger or is empty; otherwise bring its tables to infrastructure/database/schema.sql first.';
  static override readonly exit = 'conflict';
}

/** Why something failed, in words: Node reports a refused connection without a message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(reasonOf).join('; ');
  }
  if (!(error instanceof Error)) return String(error);
  return certificateProblem(error) ?? (error.message || error.name);
}
