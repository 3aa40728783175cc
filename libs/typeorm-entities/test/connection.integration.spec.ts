import { createServer, connect as connectTo, type Server, type Socket } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { eventually } from '@askflash/testing';
import { Registry } from 'prom-client';
import { Database, DatabaseUnavailableError, TypeormEntitiesModule } from '../src/index';
import { useDatabase } from './support';

const database = useDatabase({ migrated: false });

// An `error` event that nobody listens to would end a process; here Jest fails the spec of it.
describe('a data source whose backends are ended', () => {
  const problems: Error[] = [];
  beforeEach(() => problems.splice(0));

  const victim = () =>
    database.connect({
      applicationName: 'victim',
      poolSize: 3,
      onConnectionError: (error) => problems.push(error),
    });
  const endBackends = () =>
    database.dataSource.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE application_name = 'victim' AND datname = current_database()`,
    );

  it('goes on when they were idle', async () => {
    const dataSource = await victim();
    await Promise.all([1, 2, 3].map(() => dataSource.query('SELECT pg_sleep(0.05)')));
    expect(await endBackends()).toHaveLength(3);
    await eventually(() => problems.length >= 3);
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  it('fails the query that was running, and goes on', async () => {
    const dataSource = await victim();
    const running = dataSource.query('SELECT pg_sleep(60)');
    running.catch(() => undefined);
    await eventually(async () => (await endBackends()).length > 0);
    await expect(running).rejects.toThrow(/terminating connection|Connection terminated/);
    // The pool may hand the connection out once more before it hears of its end.
    const next = await eventually(() => dataSource.query('SELECT 1 AS one'));
    expect(next).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  it('fails the transaction that was open between two queries, and goes on', async () => {
    const dataSource = await victim();
    const transaction = dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1');
      expect(await endBackends()).toHaveLength(1);
      await eventually(() => manager.queryRunner?.isReleased);
      await manager.query('SELECT 1');
    });
    await expect(transaction).rejects.toThrow();
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await dataSource.destroy();
  });

  it('can be destroyed while they are gone', async () => {
    const dataSource = await victim();
    await dataSource.query('SELECT 1');
    await endBackends();
    await dataSource.destroy();
  });
});

describe('time-outs', () => {
  it('end a statement that runs too long, and a transaction left idle is bounded', async () => {
    const dataSource = await database.connect({ statementTimeoutMs: 50 });
    await expect(dataSource.query('SELECT pg_sleep(60)')).rejects.toThrow(/statement timeout/);
    expect(
      await dataSource.query(`SELECT current_setting('idle_in_transaction_session_timeout') AS v`),
    ).toEqual([{ v: '30s' }]);
  });
});

describe('an app', () => {
  /** Stands before PostgreSQL, so that it can be away without harm to others. */
  class Gate {
    private server: Server | undefined;
    private readonly sockets = new Set<Socket>();
    port = 0;

    async open(): Promise<void> {
      const target = new URL(database.url);
      this.server = createServer((inbound) => {
        const outbound = connectTo(Number(target.port), target.hostname);
        for (const socket of [inbound, outbound]) {
          this.sockets.add(socket);
          socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
        }
        inbound.pipe(outbound).pipe(inbound);
      });
      const { server } = this;
      await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
      const address = server.address();
      if (address !== null && typeof address === 'object') this.port = address.port;
    }

    async shut(): Promise<void> {
      const { server } = this;
      const closed = new Promise((resolve) => server?.close(resolve));
      for (const socket of this.sockets) socket.destroy();
      await closed;
    }

    get url(): string {
      const url = new URL(database.url);
      url.host = `127.0.0.1:${this.port}`;
      return url.href;
    }
  }

  async function start(url: string, registry = new Registry()) {
    const metrics = {
      module: class {},
      global: true,
      providers: [{ provide: Registry, useValue: registry }],
      exports: [Registry],
    };
    @Module({ imports: [TypeormEntitiesModule.forRoot({ url, applicationName: 'app' }), metrics] })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger: false });
    return { app, db: app.get(Database) };
  }

  it('starts while PostgreSQL is down, connects when it comes, and outlives its restart', async () => {
    const gate = new Gate();
    await gate.open();
    await gate.shut();

    const { app, db } = await start(gate.url);
    expect(db.ready).toBe(false);
    await expect(db.ping()).rejects.toThrow(DatabaseUnavailableError);

    await gate.open();
    const dataSource = await db.whenReady();
    expect(db.ready).toBe(true);
    expect(await db.ping()).toBeGreaterThan(0);
    expect(await dataSource.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);

    await gate.shut();
    await expect(db.ping()).rejects.toThrow(DatabaseUnavailableError);
    await gate.open();
    await eventually(() => db.ping());
    await app.close();
    expect(dataSource.isInitialized).toBe(false);
    await gate.shut();
  });

  it('tells of the connections it holds, and of what waits for one', async () => {
    const registry = new Registry();
    const gauge = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values;
    const { app, db } = await start(database.url, registry);
    const dataSource = await db.whenReady();
    const busy = Array.from({ length: 12 }, () => dataSource.query('SELECT pg_sleep(0.5)'));
    await eventually(async () => {
      const [total, idle] = (await gauge('postgres_pool_connections')) ?? [];
      return total?.value === 10 && idle?.value === 0;
    });
    expect(await gauge('postgres_pool_waiting')).toMatchObject([{ value: 2 }]);
    await Promise.all(busy);
    expect(await gauge('postgres_pool_waiting')).toMatchObject([{ value: 0 }]);
    await app.close();
  });

  it('can be closed before it ever connected, and says so to those who wait', async () => {
    const { app, db } = await start('postgres://nobody:hunter2@127.0.0.1:1/nowhere');
    const waiting = db.whenReady();
    waiting.catch(() => undefined);
    await app.close();
    await expect(waiting).rejects.toThrow(DatabaseUnavailableError);
    await expect(waiting).rejects.toThrow(/ECONNREFUSED/);
    await expect(waiting).rejects.not.toThrow(/hunter2/);
  });

  it('tells an answer that does not come in time', async () => {
    const { app, db } = await start(database.url);
    const dataSource = await db.whenReady();
    const busy = Array.from({ length: 10 }, () => dataSource.query('SELECT pg_sleep(0.5)'));
    await expect(db.ping({ timeoutMs: 50 })).rejects.toThrow(/no answer within 50 ms/);
    await Promise.all(busy);
    await app.close();
  });
});
