import type { Login } from '@askflash/config';
import type { DataSource, QueryRunner } from 'typeorm';
import { grantAccess } from '../access/grant-access';
import { BaselineRefusedError, MigrationUnknownError } from '../errors';
import { MIGRATIONS } from '../migrations/all';
import { applyMigration, revertMigration } from './apply-migration';
import { CREATE_LEDGER, readLedger, recordStatement } from './ledger';
import { withMigrationLock } from './migration-lock';
import { assertValid, compareWithLedger, type MigrationStatus } from './migration-status';
import { compareWithEntities } from './schema-differences';
import { seedTemplates, type SeedTemplate, type SeededTemplate } from './seed-templates';
import type { SqlMigration } from './sql-migration';

export interface MigratorOptions {
  /** The code's list, in order; that of the backbone without it. */
  readonly migrations?: readonly SqlMigration[];
  /** Seeded once the schema is complete. */
  readonly templates?: readonly SeedTemplate[];
  /** Who gets roles once the schema is complete; nobody's change without it. */
  readonly logins?: readonly Login[];
  /** How long to wait for another runner, and for a locked table; 60 seconds without it. */
  readonly lockTimeoutMs?: number;
  /** Told of each migration before it is run. */
  readonly onMigration?: (name: string) => void;
}

/** What `up` did. */
export interface Migrated {
  /** Names of the migrations it applied, in order. */
  readonly applied: readonly string[];
  /** What became of each template; empty where the schema is not complete. */
  readonly templates: readonly SeededTemplate[];
  /** Roles that now have the privileges of their apps; none where the schema is not complete. */
  readonly roles: readonly string[];
}

/**
 * Brings a database to the schema of the code, and back. Everything that writes holds the migration
 * lock, and refuses a ledger that contradicts the code.
 *
 * @param dataSource connected
 */
export class Migrator {
  private readonly migrations: readonly SqlMigration[];
  private readonly templates: readonly SeedTemplate[];
  private readonly logins: readonly Login[];
  private readonly lockTimeoutMs: number;
  private readonly onMigration: (name: string) => void;

  constructor(
    private readonly dataSource: DataSource,
    options: MigratorOptions = {},
  ) {
    this.migrations = options.migrations ?? MIGRATIONS;
    this.templates = options.templates ?? [];
    this.logins = options.logins ?? [];
    this.lockTimeoutMs = options.lockTimeoutMs ?? 60_000;
    this.onMigration = options.onMigration ?? (() => undefined);
  }

  /** How each migration stands. */
  async status(): Promise<MigrationStatus[]> {
    return compareWithLedger(this.migrations, await readLedger(this.dataSource));
  }

  /**
   * What `up` would apply now.
   *
   * @throws as `up` does for a bad target or ledger
   */
  async plan(to?: number): Promise<SqlMigration[]> {
    const statuses = await this.status();
    assertValid(statuses);
    return this.pending(statuses, to);
  }

  /**
   * Applies what is pending, up to and with number `to`, then seeds the templates and lets apps in.
   *
   * @throws {MigrationUnknownError} for a target that there is not
   * @throws {SchemaTooNewError}
   * @throws {MigrationsInvalidError}
   * @throws {MigrationLockTimeoutError}
   * @throws {MigrationFailedError}; those before it stay applied
   */
  up(to?: number): Promise<Migrated> {
    return this.exclusively(async (queryRunner, statuses) => {
      const pending = this.pending(statuses, to);
      if (pending.length > 0) await queryRunner.query(CREATE_LEDGER);
      for (const migration of pending) {
        this.onMigration(migration.name);
        await applyMigration(queryRunner, migration, this.lockTimeoutMs);
      }
      const complete = to === undefined || to === this.migrations.length;
      return {
        applied: pending.map(({ name }) => name),
        ...(await this.complete(queryRunner, complete)),
      };
    });
  }

  /**
   * Reverts the migration applied last, and with it what its tables hold.
   *
   * @returns its name; null where none is applied
   * @throws as `up` does
   */
  down(): Promise<string | null> {
    return this.exclusively(async (queryRunner, statuses) => {
      const lastApplied = statuses.findLastIndex(({ state }) => state === 'applied');
      const migration = this.migrations[lastApplied];
      if (migration === undefined) return null;
      this.onMigration(migration.name);
      await revertMigration(queryRunner, migration, this.lockTimeoutMs);
      return migration.name;
    });
  }

  /**
   * Records migrations up to and with number `to` as applied without running them, for a database
   * that has their tables from elsewhere; then seeds the templates.
   *
   * @throws {BaselineRefusedError} where the ledger has entries, or the tables are not those of the
   *   entities (checked where the whole list is recorded)
   * @throws {MigrationUnknownError} for a target that there is not
   */
  baseline(to?: number): Promise<Migrated> {
    return this.exclusively(async (queryRunner, statuses) => {
      if (statuses.some(({ state }) => state !== 'pending')) {
        throw new BaselineRefusedError('The database has a ledger with entries');
      }
      const recorded = this.pending(statuses, to);
      const complete = recorded.length === this.migrations.length;
      const differences = complete ? (await compareWithEntities(this.dataSource)).apply : [];
      if (differences.length > 0) throw new BaselineRefusedError(summaryOf(differences));
      await queryRunner.query(CREATE_LEDGER);
      for (const migration of recorded) await queryRunner.query(recordStatement(migration));
      return {
        applied: recorded.map(({ name }) => name),
        ...(await this.complete(queryRunner, complete)),
      };
    });
  }

  private exclusively<T>(
    work: (queryRunner: QueryRunner, statuses: MigrationStatus[]) => Promise<T>,
  ): Promise<T> {
    return withMigrationLock(this.dataSource, this.lockTimeoutMs, async (queryRunner) => {
      const statuses = compareWithLedger(this.migrations, await readLedger(queryRunner));
      assertValid(statuses);
      return work(queryRunner, statuses);
    });
  }

  private pending(statuses: readonly MigrationStatus[], to?: number): SqlMigration[] {
    const count = this.migrations.length;
    if (to !== undefined && (to < 1 || to > count)) throw new MigrationUnknownError(to, count);
    return this.migrations
      .slice(0, to)
      .filter((_migration, index) => statuses[index]?.state === 'pending');
  }

  /** What is done in a database that has its whole schema. */
  private async complete(
    queryRunner: QueryRunner,
    isComplete: boolean,
  ): Promise<Omit<Migrated, 'applied'>> {
    if (!isComplete) return { templates: [], roles: [] };
    const templates = await queryRunner.manager.transaction((manager) =>
      seedTemplates(manager, this.templates),
    );
    return { templates, roles: await grantAccess(queryRunner, this.logins) };
  }
}

/** Statements run to thousands of characters; what each begins with tells enough. */
function summaryOf(differences: readonly string[]): string {
  const heads = differences.slice(0, 5).map((sql) => sql.slice(0, 80).replaceAll(/\s+/g, ' '));
  const rest = differences.length - heads.length;
  return `The tables are not those of the migrations, which would need: ${heads.join(' …; ')} …${
    rest > 0 ? `; and ${rest} more` : ''
  }`;
}
