import { eventually } from '@askflash/testing';
import {
  BaselineRefusedError,
  MIGRATIONS,
  MigrationFailedError,
  MigrationLockTimeoutError,
  MigrationUnknownError,
  MigrationsInvalidError,
  Migrator,
  SchemaTooNewError,
  type SqlMigration,
} from '../src/index';
import { ALPHA, BETA, GAMMA, migration } from './migrations';
import { useDatabase } from './support';

const database = useDatabase({ migrated: false });

const migrator = (migrations: readonly SqlMigration[], options = {}) =>
  new Migrator(database.dataSource, { migrations, ...options });
const states = async (migrations: readonly SqlMigration[]) =>
  (await migrator(migrations).status()).map(({ name, state }) => `${name} ${state}`);
const relationExists = async (name: string) => {
  const [row] = await database.dataSource.query(`SELECT to_regclass($1) AS found`, [name]);
  return row.found !== null;
};
/** A session of somebody else, in the middle of a transaction. */
async function session() {
  const queryRunner = database.dataSource.createQueryRunner();
  await queryRunner.startTransaction();
  return queryRunner;
}

beforeEach(async () => {
  await database.dataSource.query('DROP SCHEMA public CASCADE');
  await database.dataSource.query('CREATE SCHEMA public');
});

describe('up and down', () => {
  it('apply in order and revert in the order against it', async () => {
    expect((await migrator([ALPHA, BETA]).up()).applied).toEqual([ALPHA.name, BETA.name]);
    expect(await migrator([ALPHA, BETA]).down()).toBe(BETA.name);
    expect(await relationExists('beta')).toBe(false);
    expect(await relationExists('alpha')).toBe(true);
    expect(await states([ALPHA, BETA])).toEqual([`${ALPHA.name} applied`, `${BETA.name} pending`]);
    expect(await migrator([ALPHA, BETA]).down()).toBe(ALPHA.name);
    expect(await migrator([ALPHA, BETA]).down()).toBeNull();
    expect((await migrator([ALPHA, BETA]).up()).applied).toHaveLength(2);
  });

  it('stop at the number asked for, and know which there are', async () => {
    expect((await migrator([ALPHA, BETA, GAMMA]).up(2)).applied).toEqual([ALPHA.name, BETA.name]);
    expect((await migrator([ALPHA, BETA, GAMMA]).up(1)).applied).toEqual([]);
    await expect(migrator([ALPHA, BETA, GAMMA]).up(4)).rejects.toThrow(MigrationUnknownError);
  });

  it('take the backbone’s own schema there, back and there again', async () => {
    const own = migrator(MIGRATIONS);
    await own.up();
    for (let left = MIGRATIONS.length; left > 0; left -= 1) await own.down();
    const remaining = await database.dataSource.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(remaining).toEqual([{ relname: 'schema_migrations' }]);
    await own.up();
    expect(await relationExists('task_histories')).toBe(true);
  });

  it('plan without touching anything', async () => {
    expect(await migrator([ALPHA, BETA]).plan()).toEqual([ALPHA, BETA]);
    expect(await relationExists('schema_migrations')).toBe(false);
  });
});

describe('twenty runners at once', () => {
  it('apply each migration once, and the others find nothing to do', async () => {
    const runners = await Promise.all(
      Array.from({ length: 20 }, () => database.connect({ poolSize: 1 })),
    );
    const results = await Promise.all(
      runners.map((each) => new Migrator(each, { migrations: [ALPHA, BETA] }).up()),
    );
    await Promise.all(runners.map((each) => each.destroy()));
    expect(results.filter(({ applied }) => applied.length === 2)).toHaveLength(1);
    expect(results.filter(({ applied }) => applied.length === 0)).toHaveLength(19);
    expect(await states([ALPHA, BETA])).toEqual([`${ALPHA.name} applied`, `${BETA.name} applied`]);
  });

  it('do not deadlock with CREATE INDEX CONCURRENTLY', async () => {
    const concurrent = migration(
      'Concurrent1700000000009',
      ['CREATE INDEX CONCURRENTLY alpha_index ON alpha (id)'],
      ['DROP INDEX CONCURRENTLY IF EXISTS alpha_index'],
      { transaction: false },
    );
    const runners = await Promise.all(
      Array.from({ length: 5 }, () => database.connect({ poolSize: 1 })),
    );
    const results = await Promise.all(
      runners.map((each) => new Migrator(each, { migrations: [ALPHA, concurrent] }).up()),
    );
    await Promise.all(runners.map((each) => each.destroy()));
    expect(results.filter(({ applied }) => applied.length === 2)).toHaveLength(1);
    expect(await relationExists('alpha_index')).toBe(true);
  });
});

describe('a migration that fails', () => {
  const broken = migration('Broken1700000000002', [
    'CREATE TABLE half (id int)',
    'SELECT no_such_column FROM alpha',
  ]);

  it('leaves nothing of it, keeps those before it, and goes on once mended', async () => {
    const failed = migrator([ALPHA, broken]).up();
    await expect(failed).rejects.toThrow(MigrationFailedError);
    await expect(failed).rejects.toThrow(/Broken1700000000002: .*no_such_column.*nothing of it/);
    await expect(failed).rejects.toHaveProperty('remedy', expect.stringMatching(/same command/));
    expect(await relationExists('half')).toBe(false);
    expect(await states([ALPHA, broken])).toEqual([
      `${ALPHA.name} applied`,
      `${broken.name} pending`,
    ]);
    const mended = migration(broken.name, ['CREATE TABLE half (id int)']);
    expect((await migrator([ALPHA, mended]).up()).applied).toEqual([broken.name]);
  });

  it('is cleared up after where it has no transaction', async () => {
    await database.dataSource.query(
      'CREATE TABLE doubled AS SELECT 1 AS id FROM generate_series(1, 2)',
    );
    const concurrent = migration(
      'Concurrent1700000000002',
      ['CREATE UNIQUE INDEX CONCURRENTLY doubled_key ON doubled (id)'],
      ['DROP INDEX CONCURRENTLY IF EXISTS doubled_key'],
      { transaction: false },
    );
    await expect(migrator([concurrent]).up()).rejects.toThrow(/could not create unique index/);
    expect(await relationExists('doubled_key')).toBe(false);

    await database.dataSource.query('DELETE FROM doubled');
    expect((await migrator([concurrent]).up()).applied).toEqual([concurrent.name]);
    expect(await relationExists('doubled_key')).toBe(true);
    expect(await migrator([concurrent]).down()).toBe(concurrent.name);
    expect(await relationExists('doubled_key')).toBe(false);
  });

  it('says so where clearing up fails too', async () => {
    const stuck = migration('Stuck1700000000001', ['SELECT 1/0'], ['SELECT 1/0'], {
      transaction: false,
    });
    await expect(migrator([stuck]).up()).rejects.toThrow(
      /clearing up failed too: division by zero/,
    );
  });

  it('that lost its backend is rolled back, and the lock is free', async () => {
    const slow = migration('Slow1700000000001', [
      'CREATE TABLE slow (id int)',
      'SELECT pg_sleep(60)',
    ]);
    const other = await database.connect();
    const running = new Migrator(other, { migrations: [slow] }).up();
    running.catch(() => undefined);
    await eventually(async () => {
      const ended = await database.dataSource.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query = 'SELECT pg_sleep(60)'`,
      );
      return ended.length > 0;
    });
    await expect(running).rejects.toThrow(MigrationFailedError);
    expect(await relationExists('slow')).toBe(false);
    expect((await migrator([ALPHA]).up()).applied).toEqual([ALPHA.name]);
  });
});

describe('the ledger', () => {
  it('refuses a migration that was edited after it was applied', async () => {
    await migrator([ALPHA]).up();
    const edited = migration(ALPHA.name, ['CREATE TABLE alpha (id bigint PRIMARY KEY)']);
    expect(await states([edited])).toEqual([`${ALPHA.name} changed`]);
    const problems = [{ name: ALPHA.name, problem: 'changed' }];
    await expect(migrator([edited, BETA]).up()).rejects.toMatchObject({ problems });
    await expect(migrator([edited]).down()).rejects.toThrow(MigrationsInvalidError);
  });

  it('refuses a migration put in before an applied one', async () => {
    await migrator([ALPHA, GAMMA]).up();
    expect(await states([ALPHA, BETA, GAMMA])).toContain(`${BETA.name} missing`);
    await expect(migrator([ALPHA, BETA, GAMMA]).up()).rejects.toThrow(/Beta\d+ is missing/);
  });

  it('refuses a database that is ahead of the code', async () => {
    await migrator([ALPHA, BETA]).up();
    expect(await states([ALPHA])).toEqual([`${ALPHA.name} applied`, `${BETA.name} unknown`]);
    await expect(migrator([ALPHA]).up()).rejects.toThrow(SchemaTooNewError);
    await expect(migrator([ALPHA]).down()).rejects.toThrow(SchemaTooNewError);
  });

  it('is safe from TypeORM’s own runner, which knows no lock and no checksum', async () => {
    await migrator([ALPHA]).up();
    await expect(
      database.dataSource.query(
        `INSERT INTO schema_migrations ("timestamp", name) VALUES (1700000000002, 'Beta')`,
      ),
    ).rejects.toThrow(/checksum/);
  });
});

describe('the lock', () => {
  it('is waited for until the time-out', async () => {
    const other = await session();
    await other.query(`SELECT pg_advisory_xact_lock(hashtextextended('schema_migrations', 0))`);
    const waiting = migrator([ALPHA], { lockTimeoutMs: 300 }).up();
    await expect(waiting).rejects.toThrow(MigrationLockTimeoutError);
    await expect(waiting).rejects.toThrow(/Another migration runner held the lock for 0.3 s/);
    await other.rollbackTransaction();
    await other.release();
    expect((await migrator([ALPHA], { lockTimeoutMs: 0 }).up()).applied).toEqual([ALPHA.name]);
  });

  it('is released after work and after a failure', async () => {
    await migrator([ALPHA]).up();
    await migrator([migration('Broken1', ['SELECT 1/0'])])
      .up()
      .catch(() => undefined);
    const locks = await database.dataSource.query(
      `SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database
        WHERE locktype = 'advisory' AND datname = current_database()`,
    );
    expect(locks).toEqual([]);
  });

  it('on a table that an app uses is waited for as long, and the migration is rolled back', async () => {
    await migrator([ALPHA]).up();
    const app = await session();
    await app.query('LOCK TABLE alpha IN ROW EXCLUSIVE MODE');
    const alter = migration('Alter1700000000002', [
      'CREATE TABLE beside (id int)',
      'ALTER TABLE alpha ADD COLUMN name text',
    ]);
    const waiting = migrator([ALPHA, alter], { lockTimeoutMs: 300 }).up();
    await expect(waiting).rejects.toThrow(/transaction on a table that Alter1700000000002 changes/);
    await app.rollbackTransaction();
    await app.release();
    expect(await relationExists('beside')).toBe(false);
    expect((await migrator([ALPHA, alter]).up()).applied).toEqual([alter.name]);
  });
});

describe('baseline', () => {
  const tables = () =>
    database.dataSource.query(MIGRATIONS.flatMap((each) => each.applyStatements).join(';'));

  it('records what is there from elsewhere, so that up has nothing to do', async () => {
    await tables();
    const { applied } = await migrator(MIGRATIONS).baseline();
    expect(applied).toEqual(MIGRATIONS.map(({ name }) => name));
    expect((await migrator(MIGRATIONS).up()).applied).toEqual([]);
  });

  it('refuses tables that are not those of the migrations', async () => {
    await tables();
    await database.dataSource.query('ALTER TABLE task_histories DROP COLUMN priority CASCADE');
    await expect(migrator(MIGRATIONS).baseline()).rejects.toThrow(BaselineRefusedError);
    await expect(migrator(MIGRATIONS).baseline()).rejects.toThrow(/priority/);
    expect(await relationExists('schema_migrations')).toBe(false);
  });

  it('refuses a ledger with entries', async () => {
    await migrator([ALPHA]).up();
    await expect(migrator([ALPHA]).baseline()).rejects.toThrow(/ledger with entries/);
  });
});
