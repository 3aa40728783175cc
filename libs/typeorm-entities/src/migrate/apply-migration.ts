import type { QueryRunner } from 'typeorm';
import { QueryFailedError } from 'typeorm';
import { MigrationFailedError, MigrationLockTimeoutError, reasonOf } from '../errors';
import { eraseStatement, recordStatement } from './ledger';
import type { SqlMigration } from './sql-migration';

/**
 * Applies one migration and records it, both or neither.
 *
 * @throws {MigrationFailedError}
 * @throws {MigrationLockTimeoutError} where a table it changes stays locked
 */
export async function applyMigration(
  queryRunner: QueryRunner,
  migration: SqlMigration,
  lockTimeoutMs: number,
): Promise<void> {
  const record = recordStatement(migration);
  try {
    if (migration.transaction) {
      await inTransaction(queryRunner, [...migration.applyStatements, record]);
    } else {
      await migration.down(queryRunner);
      await migration.up(queryRunner);
      await queryRunner.query(record);
    }
  } catch (error) {
    const leftover = migration.transaction ? null : await clearUp(queryRunner, migration);
    throw failure(migration, error, lockTimeoutMs, leftover);
  }
}

/**
 * Reverts one migration and erases it from the ledger, both or neither; one without a transaction
 * can be reverted again where it was interrupted.
 *
 * @throws {MigrationFailedError}
 * @throws {MigrationLockTimeoutError} where a table it changes stays locked
 */
export async function revertMigration(
  queryRunner: QueryRunner,
  migration: SqlMigration,
  lockTimeoutMs: number,
): Promise<void> {
  const erase = eraseStatement(migration);
  try {
    if (migration.transaction) {
      await inTransaction(queryRunner, [...migration.revertStatements, erase]);
    } else {
      await migration.down(queryRunner);
      await queryRunner.query(erase);
    }
  } catch (error) {
    throw failure(migration, error, lockTimeoutMs, null);
  }
}

/** Without TypeORM's own bookkeeping, so that a migration's statements are all there is to see. */
async function inTransaction(queryRunner: QueryRunner, statements: string[]): Promise<void> {
  await queryRunner.startTransaction();
  try {
    for (const statement of statements) await queryRunner.query(statement);
    await queryRunner.commitTransaction();
  } catch (error) {
    await queryRunner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

/** Why clearing up failed; null where it did not. */
async function clearUp(queryRunner: QueryRunner, migration: SqlMigration): Promise<string | null> {
  try {
    await migration.down(queryRunner);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

function failure(
  { name }: SqlMigration,
  error: unknown,
  lockTimeoutMs: number,
  leftover: string | null,
): Error {
  if (leftover === null && isLockTimeout(error)) {
    return new MigrationLockTimeoutError(lockTimeoutMs, {
      holder: `A transaction on a table that ${name} changes`,
      cause: error,
    });
  }
  return new MigrationFailedError(name, error, leftover);
}

const LOCK_NOT_AVAILABLE = '55P03';

function isLockTimeout(error: unknown): boolean {
  return (
    error instanceof QueryFailedError &&
    'code' in error.driverError &&
    error.driverError.code === LOCK_NOT_AVAILABLE
  );
}
