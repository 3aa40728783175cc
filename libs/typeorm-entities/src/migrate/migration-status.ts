import { MigrationsInvalidError, SchemaTooNewError, type MigrationProblem } from '../errors';
import type { LedgerEntry } from './ledger';
import type { SqlMigration } from './sql-migration';

/** How a migration of the code or of the ledger stands; the last three are problems. */
export type MigrationState = 'applied' | 'pending' | MigrationProblem['problem'];

export interface MigrationStatus {
  /** Its place in the list of the code, from 1; null for one the code does not know. */
  readonly number: number | null;
  readonly name: string;
  readonly state: MigrationState;
  readonly appliedAt: Date | null;
}

/**
 * Compares the ledger with the list of the code. All is well where the ledger is the beginning of
 * the list, with the same checksums.
 */
export function compareWithLedger(
  migrations: readonly SqlMigration[],
  ledger: readonly LedgerEntry[],
): MigrationStatus[] {
  const applied = new Map(ledger.map((entry) => [entry.name, entry]));
  const lastApplied = migrations.findLastIndex(({ name }) => applied.has(name));
  const known = migrations.map(({ name, checksum }, index): MigrationStatus => {
    const entry = applied.get(name);
    const state = entry
      ? entry.checksum === checksum
        ? 'applied'
        : 'changed'
      : index < lastApplied
        ? 'missing'
        : 'pending';
    return { number: index + 1, name, state, appliedAt: entry?.appliedAt ?? null };
  });
  const names = new Set(migrations.map(({ name }) => name));
  const unknown = ledger
    .filter(({ name }) => !names.has(name))
    .map(({ name, appliedAt }): MigrationStatus => {
      return { number: null, name, state: 'unknown', appliedAt };
    });
  return [...known, ...unknown];
}

/** What is wrong, in the order of the list. */
export function problemsOf(statuses: readonly MigrationStatus[]): MigrationProblem[] {
  return statuses.flatMap(({ name, state }) =>
    state === 'applied' || state === 'pending' ? [] : [{ name, problem: state }],
  );
}

/**
 * @throws {SchemaTooNewError} where the database is only ahead of the code
 * @throws {MigrationsInvalidError} where they contradict each other
 */
export function assertValid(statuses: readonly MigrationStatus[]): void {
  const problems = problemsOf(statuses);
  if (problems.length === 0) return;
  if (problems.every(({ problem }) => problem === 'unknown')) {
    throw new SchemaTooNewError(problems.map(({ name }) => name));
  }
  throw new MigrationsInvalidError(problems);
}
