import { DEFAULT_TEMPLATES, parseTemplate } from '@askflash/dag-templates';
import { createTestDatabase, eventually, type TestDatabase } from '@askflash/testing';
import { MIGRATIONS, createDataSource, selectTemplates } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import { runCommandLine } from '../src/command-line';

const NAMES = MIGRATIONS.map(({ name }) => name);
const own = { ...process.env };
let database: TestDatabase;
let dataSource: DataSource;

beforeEach(async () => {
  database = await createTestDatabase();
  dataSource = await createDataSource({ url: database.url, applicationName: 'spec' }).initialize();
  process.env['DATABASE_URL'] = database.url;
  process.env['ASKFLASH_STACK_FILE'] = '';
});
afterEach(async () => {
  process.env = { ...own };
  await dataSource.destroy();
  await database.drop();
});

/** Runs a command line; several may run at once, their output is one then. */
async function run(...commandLines: string[]) {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    const exitCodes = await Promise.all(
      commandLines.map((line) => runCommandLine(line.split(' ').filter(Boolean))),
    );
    return { exitCodes, exitCode: exitCodes[0], ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
const count = (text: string, part: string) => text.split(part).length - 1;

describe('up', () => {
  it('migrates and seeds the default templates; repeated, it has nothing to do', async () => {
    const first = await run('up');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain(`Applied: ${NAMES.join(', ')}`);
    const stored = await selectTemplates(dataSource.manager);
    expect(stored.map(({ definition }) => parseTemplate(definition))).toEqual(
      [...DEFAULT_TEMPLATES].sort((one, other) => (one.name < other.name ? -1 : 1)),
    );
    expect(await run('up')).toMatchObject({ exitCode: 0, stdout: 'Nothing to do\n', stderr: '' });
  });

  it('is done by one of twenty at once, and the others report nothing to do', async () => {
    const { exitCodes, stdout, stderr } = await run(...Array<string>(20).fill('up'));
    expect(stderr).toBe('');
    expect(exitCodes).toEqual(Array(20).fill(0));
    expect(count(stdout, 'Applied: ')).toBe(1);
    expect(count(stdout, 'Seeded: ')).toBe(1);
    expect(count(stdout, 'Nothing to do')).toBe(19);
  });

  it('waits for the lock no longer than it may', async () => {
    const other = dataSource.createQueryRunner();
    await other.query(`SELECT pg_advisory_lock(hashtextextended('schema_migrations', 0))`);
    const { exitCode, stderr } = await run('up --lock-timeout 0');
    await other.query(`SELECT pg_advisory_unlock_all()`);
    await other.release();
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/^MIGRATION_LOCK_TIMEOUT: Another migration runner/);
    expect(stderr).toContain('--lock-timeout SECONDS');
  });

  it('--dry-run prints a script that does the same, and changes nothing', async () => {
    const { stdout } = await run('up --dry-run');
    expect((await run('status --json')).stdout).toContain('"state": "pending"');
    await dataSource.query(stdout);
    const after = await run('up');
    expect(after.stdout).not.toContain('Applied');
    expect(after.stdout).toContain('Seeded: ');
    expect((await run('up --dry-run')).stdout).toBe('-- Nothing to do\n');
  });
});

describe('status, validate, down and baseline', () => {
  it('tell, check, revert and record', async () => {
    expect((await run('status')).stdout).toMatch(/1 .*InitialSchema\d+ .*pending/);
    expect((await run('validate')).stdout).toBe(`Valid: 0 applied, ${NAMES.length} pending\n`);
    expect((await run('down')).stdout).toBe('Nothing to do\n');

    await run('up');
    const status = JSON.parse((await run('status --json')).stdout);
    expect(status).toMatchObject({
      current: true,
      migrations: NAMES.map((name, index) => ({ number: index + 1, name, state: 'applied' })),
    });
    expect((await run('validate')).stdout).toBe(`Valid: ${NAMES.length} applied, 0 pending\n`);
    expect(await run('baseline')).toMatchObject({ exitCode: 3 });

    await dataSource.query('DROP TABLE schema_migrations');
    const baseline = await run('baseline');
    expect(baseline).toMatchObject({ exitCode: 0, stderr: '' });
    expect(baseline.stdout).toContain(`Recorded as applied: ${NAMES.join(', ')}`);
    expect((await run('up')).stdout).toBe('Nothing to do\n');

    expect((await run('down')).stdout).toContain(`Reverted: ${NAMES.at(-1)}`);
    expect(await run('up')).toMatchObject({ exitCode: 0 });
  });

  it('validate fails for an unknown and for an edited migration, up refuses both', async () => {
    await run('up');
    await dataSource.query(
      `UPDATE schema_migrations SET name = 'Later1999999999999'
        WHERE id = (SELECT max(id) FROM schema_migrations)`,
    );
    expect((await run('validate')).stderr).toContain('Later1999999999999 is unknown');
    const tooNew = await run('up');
    expect(tooNew).toMatchObject({ exitCode: 2 });
    expect(tooNew.stderr).toContain('SCHEMA_TOO_NEW');

    await dataSource.query(`UPDATE schema_migrations SET checksum = 'edited' WHERE id = 1`);
    const edited = await run('validate');
    expect(edited).toMatchObject({ exitCode: 4 });
    expect(edited.stderr).toContain(`${NAMES[0]} is changed`);
    expect(await run('up')).toMatchObject({ exitCode: 4 });
  });
});

describe('a database that is not there', () => {
  it('is told with its own exit code, and without the password', async () => {
    process.env['DATABASE_URL'] = 'postgres://postgres:hunter2@127.0.0.1:1/nowhere';
    const { exitCode, stderr } = await run('up');
    expect(exitCode).toBe(69);
    expect(stderr).toMatch(/^DATABASE_UNAVAILABLE: .*ECONNREFUSED/);
    expect(stderr).not.toContain('hunter2');
  });

  it('is waited for', async () => {
    await dataSource.destroy();
    await database.drop();
    const running = run('up --wait 30');
    const name = new URL(database.url).pathname.slice(1);
    const admin = new URL(database.url);
    admin.pathname = '/postgres';
    const postgres = createDataSource({ url: admin.href, applicationName: 'spec' });
    await postgres.initialize();
    await postgres.query(`CREATE DATABASE ${name}`);
    await postgres.destroy();
    expect(await running).toMatchObject({ exitCode: 0, stderr: '' });
    await eventually(() => dataSource.initialize());
    expect(await selectTemplates(dataSource.manager)).toHaveLength(DEFAULT_TEMPLATES.length);
  });
});

describe('a wrong command line', () => {
  it.each([
    ['undo', /unknown command 'undo'/],
    ['up --force', /unknown option '--force'/],
    ['up --to nine', /OPTION_INVALID: --to must be a whole number from 1/],
    ['up --to 99', /MIGRATION_UNKNOWN: There is no migration 99/],
    ['', /Usage: migration-runner/],
  ])('%j ends with the exit code for it', async (line, message) => {
    const { exitCode, stderr } = await run(line);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(64);
  });

  it('a missing variable is named', async () => {
    delete process.env['DATABASE_URL'];
    const { exitCode, stderr } = await run('up');
    expect(exitCode).toBe(78);
    expect(stderr).toContain('DATABASE_URL is not set');
  });

  it('help is no failure', async () => {
    const { exitCode, stdout } = await run('up --help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('--lock-timeout <seconds>');
  });
});
