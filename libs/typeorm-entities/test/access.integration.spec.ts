import { newId } from '@askflash/config';
import { createTestDatabase, type TestDatabase } from '@askflash/testing';
import type { DataSource } from 'typeorm';
import {
  DATABASE_ROLES,
  Migrator,
  createDataSource,
  deleteFinishedTasks,
  selectDatabaseFigures,
  writeTransitions,
} from '../src';
import { TEMPLATE, aTask } from './support';

/** Of each role, in this one run. */
const PASSWORD = newId();
const LOGINS = DATABASE_ROLES.map(({ name }) => ({ user: name, password: PASSWORD }));

describe('the roles of apps', () => {
  let database: TestDatabase;
  let owner: DataSource;
  const sessions: DataSource[] = [];

  const connectAs = async (role: string): Promise<DataSource> => {
    const url = new URL(database.url);
    [url.username, url.password] = [role, PASSWORD];
    const session = createDataSource({ url: url.href, applicationName: 'spec', poolSize: 1 });
    sessions.push(session);
    return session.initialize();
  };
  const refused = (session: DataSource, sql: string) =>
    expect(session.query(sql)).rejects.toThrow(
      /permission denied|must be (owner|superuser)|read-only/,
    );

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = await createDataSource({ url: database.url, applicationName: 'spec' }).initialize();
    const migrator = new Migrator(owner, { templates: [TEMPLATE], logins: LOGINS });
    expect((await migrator.up()).roles).toEqual(LOGINS.map(({ user }) => user));
    expect((await migrator.up()).roles).toHaveLength(LOGINS.length);
  });

  afterAll(async () => {
    for (const session of sessions) await session.destroy();
    for (const { user } of LOGINS) {
      await owner.query(`DROP OWNED BY "${user}"`);
      await owner.query(`DROP ROLE "${user}"`);
    }
    await owner.destroy();
    await database.drop();
  });

  it('are all that may connect', async () => {
    const [{ acl }]: [{ acl: string }] = await owner.query(
      `SELECT datacl::text AS acl FROM pg_database WHERE datname = current_database()`,
    );
    expect(acl).not.toMatch(/[{,]=/);
  });

  it.each(DATABASE_ROLES.map(({ name, settings }) => [name, settings] as const))(
    'give %s its time-outs, and nothing that is the owner’s',
    async (name, settings) => {
      const session = await connectAs(name);
      const rows: { name: string; value: string }[] = await session.query(
        `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY($1)`,
        [['lock_timeout', 'default_transaction_read_only']],
      );
      expect(Object.fromEntries(rows.map((row) => [row.name, row.value]))).toEqual({
        lock_timeout: settings['lock_timeout'],
        default_transaction_read_only: settings['default_transaction_read_only'] ?? 'off',
      });
      for (const sql of [
        'DROP TABLE task_outbox',
        'TRUNCATE task_outbox',
        'ALTER TABLE task_outbox ADD COLUMN note text',
        'CREATE TABLE own (id int)',
        'CREATE TEMPORARY TABLE own (id int)',
        `INSERT INTO schema_migrations ("timestamp", name, checksum) VALUES (1, 'x', 'x')`,
        'SELECT rolpassword FROM pg_authid',
        `ALTER ROLE "${name}" SUPERUSER`,
        'CREATE ROLE another',
        `COPY task_histories TO '/tmp/x'`,
      ]) {
        await refused(session, sql);
      }
    },
  );

  it('let the coordinator make and change tasks, and neither delete them nor edit a record', async () => {
    const dataSource = await connectAs('coordinator');
    const { manager } = dataSource;
    const task = aTask();
    const { created } = await writeTransitions(dataSource, { created: [task] });
    expect(created.size).toBe(1);
    const change = { ...task, eventSeq: 2, fromSeq: 1 };
    const { changed } = await writeTransitions(dataSource, { changes: [change] });
    expect(changed.size).toBe(1);
    for (const sql of [
      'DELETE FROM task_histories',
      'DELETE FROM task_stage_logs',
      'UPDATE task_stage_logs SET type = type',
      'UPDATE task_dag_templates SET active = false',
      'DELETE FROM agent_health',
    ]) {
      await refused(manager.connection, sql);
    }
  });

  it('let the health-monitor count sessions and delete what is old, and write no task or template', async () => {
    const { manager } = await connectAs('health-monitor');
    await writeTransitions(owner, {
      created: [aTask({ status: 'complete', finishedAt: new Date(0), wakeAt: null })],
    });
    expect(await deleteFinishedTasks(manager, { finishedBefore: new Date(), limit: 10 })).toBe(1);
    const everybody = await selectDatabaseFigures(owner.manager);
    const seen = await selectDatabaseFigures(manager);
    // More sessions come and go beside this suite; without the right it would count its own alone.
    expect(seen.connections).toBeGreaterThanOrEqual(Math.min(2, everybody.connections));
    for (const sql of [
      `UPDATE task_histories SET status = 'failed'`,
      `INSERT INTO task_dag_templates SELECT * FROM task_dag_templates`,
      'DELETE FROM task_outbox',
    ]) {
      await refused(manager.connection, sql);
    }
  });

  it('let analytics read figures alone', async () => {
    const session = await connectAs('analytics');
    await session.query('SELECT * FROM task_analytics');
    for (const sql of [
      'SELECT query FROM task_histories',
      'SELECT data FROM task_stage_logs',
      'DELETE FROM agent_performance',
      'SET default_transaction_read_only = off; DELETE FROM agent_performance',
    ]) {
      await refused(session, sql);
    }
  });
});
