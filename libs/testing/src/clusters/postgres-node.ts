import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findBinaries } from './postgres-binaries';
import { ServerProcess } from './server-process';

const run = promisify(execFile);

export const DATABASE = 'askflash';

export interface PostgresNodeOptions {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
}

/** One PostgreSQL server, which can be the primary or follow one. */
export class PostgresNode {
  readonly port: number;
  private readonly server: ServerProcess;
  private readonly data: string;
  private readonly user = serverUser();

  constructor(
    readonly name: string,
    private readonly options: PostgresNodeOptions,
  ) {
    const { folder, port } = options;
    this.port = port;
    this.data = join(folder, name);
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 300,
      fsync: 'off',
      // Else a standby that is promoted may first wait five seconds for the primary that is gone.
      wal_retrieve_retry_interval: '500ms',
      // The name under which a standby is known to its primary.
      cluster_name: name,
    };
    this.server = new ServerProcess({
      name,
      file: join(findBinaries(), 'postgres'),
      args: [
        ...['-D', this.data, '-p', String(port)],
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      cwd: folder,
      env: ENVIRONMENT,
      user: this.user,
      logFile: join(folder, `${name}.log`),
      isReady: async () => (await this.query('SELECT 1', 'postgres')).length === 1,
    });
  }

  /** Makes an empty server with the database in it, and starts it. */
  async startAnew(): Promise<void> {
    const passwordFile = join(this.options.folder, 'password');
    writeFileSync(passwordFile, this.options.password, { mode: 0o600 });
    if (this.user) chownSync(passwordFile, this.user.uid, this.user.gid);
    this.makeFolder();
    await this.run('initdb', [
      ...['-D', this.data, '--username', 'askflash', '--pwfile', passwordFile, '--no-sync'],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C.UTF-8'],
    ]);
    await this.server.start();
    await this.query(`CREATE DATABASE ${DATABASE}`, 'postgres');
  }

  /** Takes over all that a primary has, and starts as its standby. */
  async startAsStandbyOf(primary: PostgresNode): Promise<void> {
    rmSync(this.data, { recursive: true, force: true });
    this.makeFolder();
    await this.run('pg_basebackup', [
      ...['-D', this.data, '--host', '127.0.0.1', '--port', String(primary.port)],
      ...['--username', 'askflash', '--write-recovery-conf', '--checkpoint', 'fast', '--no-sync'],
    ]);
    await this.server.start();
  }

  /** Makes a standby the primary, and waits until it is. */
  async promote(): Promise<void> {
    await this.query('SELECT pg_promote()', 'postgres');
  }

  kill(): Promise<void> {
    return this.server.kill();
  }

  /** Runs one statement over a connection of its own. */
  async query(sql: string, database = DATABASE): Promise<readonly Record<string, unknown>[]> {
    const { port, password } = this.options;
    const login = { user: 'askflash', password, database };
    const client = new Client({ host: '127.0.0.1', port, ...login, query_timeout: 60_000 });
    client.on('error', () => undefined); // The query that is under way rejects.
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  private makeFolder(): void {
    mkdirSync(this.data, { mode: 0o700 });
    if (this.user) chownSync(this.data, this.user.uid, this.user.gid);
  }

  private async run(program: string, args: readonly string[]): Promise<void> {
    const env = { ...ENVIRONMENT, PGPASSWORD: this.options.password };
    const { folder } = this.options;
    await run(join(findBinaries(), program), args, { env, cwd: folder, ...this.user });
  }
}

const ENVIRONMENT = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' };

/** PostgreSQL does not run as root: whom it then runs as. */
export function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] =
    /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('There is no user postgres');
  return { uid: Number(uid), gid: Number(gid) };
}
