import { createHash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A migration as plain SQL, so that it can be printed without being run and told by a checksum.
 * `migration-runner` runs it in a transaction of its own.
 *
 * With `transaction = false` (`CREATE INDEX CONCURRENTLY` wants that) nothing is rolled back for it.
 * Its `revertStatements` must then do no harm where there is nothing to revert (`IF EXISTS`): they
 * are run before it, to clear what an interrupted run left, and after it where it failed.
 */
export abstract class SqlMigration implements MigrationInterface {
  /** Words in Pascal case and the time of making in milliseconds: `AddTags1764000000000`. */
  abstract readonly name: string;
  readonly transaction: boolean = true;
  abstract readonly applyStatements: readonly string[];
  abstract readonly revertStatements: readonly string[];

  /** SHA-256 over the statements that apply it; white space at their ends does not count. */
  get checksum(): string {
    const hash = createHash('sha256');
    for (const statement of this.applyStatements) hash.update(`${statement.trim()};\n`);
    return hash.digest('hex');
  }

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of this.applyStatements) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const statement of this.revertStatements) await queryRunner.query(statement);
  }
}
