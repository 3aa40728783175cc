import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findFolder, pathFolders } from '../support/binaries.mjs';
import { StackError } from '../support/errors.mjs';
import { startProcess } from '../support/processes.mjs';
import { waitUntilReady } from '../support/ready.mjs';
import { LOOPBACK, bareEnvironment } from './server.mjs';

const run = promisify(execFile);

const title = 'PostgreSQL';

/** The folder of PostgreSQL's programs, where it is installed. */
function find() {
  return findFolder(
    [
      ...pathFolders(),
      '/usr/lib/postgresql/*/bin',
      '/opt/homebrew/bin',
      '/opt/homebrew/opt/postgresql@*/bin',
      '/usr/local/opt/postgresql@*/bin',
    ],
    ['postgres', 'initdb', 'psql'],
  );
}

/**
 * Starts PostgreSQL, waits until it takes connections and sees to the database.
 *
 * @param {string} binaries
 * @param {import('./server.mjs').StartOptions} options
 * @returns {Promise<import('./server.mjs').RunningServer>}
 */
async function start(binaries, options) {
  const { logFile, credentials, onProcess, durable, tls, deadlineMs = 60_000 } = options;
  const port = await options.choosePort(5432);
  const user = serverUser();
  const data = await prepareData(binaries, options, user);
  if (tls) layTlsFiles(data, tls, user);
  const record = await startProcess({
    name: title,
    command: join(binaries, 'postgres'),
    args: [
      ...['-D', data, '-p', String(port)],
      ...settings({
        listen_addresses: LOOPBACK,
        unix_socket_directories: '',
        max_connections: '300',
        fsync: durable ? 'on' : 'off',
        ssl: tls ? 'on' : 'off',
      }),
    ],
    env: bareEnvironment(),
    cwd: data,
    user,
    logFile,
    // The "fast" shutdown: SIGTERM would wait until every client has left.
    signal: 'SIGINT',
    onProcess,
  });
  await waitUntilReady(record, { probe: () => isReady(data, record.pid), deadlineMs, logFile });
  await createDatabase(binaries, port, credentials.postgres);
  const { user: name, password, database } = credentials.postgres;
  const login = `${encodeURIComponent(name)}:${encodeURIComponent(password)}`;
  return {
    env: {
      DATABASE_URL: `postgres://${login}@${LOOPBACK}:${port}/${encodeURIComponent(database)}${tls ? '?sslmode=verify-full' : ''}`,
    },
    ports: { postgres: port },
    processes: [record],
  };
}

/**
 * Puts certificate and key where the server looks for them by itself; the key has to be its own.
 *
 * @param {string} data
 * @param {import('./server.mjs').TlsFiles} files
 * @param {ReturnType<typeof serverUser>} user
 */
function layTlsFiles(data, { key, certificate }, user) {
  for (const [from, name] of /** @type {const} */ ([
    [key, 'server.key'],
    [certificate, 'server.crt'],
  ])) {
    const to = join(data, name);
    copyFileSync(from, to);
    chmodSync(to, 0o600);
    if (user) chownSync(to, user.uid, user.gid);
  }
}

/**
 * The user that PostgreSQL runs as, where it cannot be ours: it refuses to run as root.
 *
 * @returns {{ uid: number, gid: number, home: string } | undefined}
 */
function serverUser() {
  if (process.getuid?.() !== 0) return undefined;
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:.*$/m)?.[0];
  const [, , uid, gid, , home = ''] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) {
    throw new StackError('PostgreSQL does not run as root, and there is no user "postgres"', {
      remedy: 'Run as another user, or install Debian’s package `postgresql`, which adds it.',
    });
  }
  return { uid: Number(uid), gid: Number(gid), home };
}

/**
 * The data folder, made where it is missing. It is made beside its place and moved there when it
 * is whole, so that one that was left half-made is never taken for a database.
 *
 * @param {string} binaries
 * @param {import('./server.mjs').StartOptions} options
 * @param {ReturnType<typeof serverUser>} user
 */
async function prepareData(binaries, { folder, credentials, durable }, user) {
  const data = join(dataHome(folder, user), 'data');
  if (existsSync(join(data, 'PG_VERSION'))) {
    await checkVersion(binaries, data);
    return data;
  }
  const half = `${data}.half`;
  for (const leftover of [data, half]) rmSync(leftover, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  const passwordFile = `${data}.password`;
  writeFileSync(passwordFile, credentials.postgres.password, { mode: 0o600 });
  if (user) for (const path of [half, passwordFile]) chownSync(path, user.uid, user.gid);
  try {
    await run(
      join(binaries, 'initdb'),
      [
        ...['-D', half, '--username', credentials.postgres.user, '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8'],
        ...['--locale', process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8'],
        ...(durable ? [] : ['--no-sync']),
      ],
      { env: bareEnvironment(), cwd: half, uid: user?.uid, gid: user?.gid },
    );
  } catch (cause) {
    throw new StackError(`PostgreSQL’s data folder ${data} cannot be made: ${cause}`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(half, data);
  return data;
}

/**
 * The folder that holds the data: the one given, or, where the server's user cannot get there (a
 * checkout in /root), one in that user's home. `data-home` in the given folder then names it.
 *
 * @param {string} folder
 * @param {ReturnType<typeof serverUser>} user
 */
function dataHome(folder, user) {
  mkdirSync(folder, { recursive: true });
  if (!user) return folder;
  // The user of the server needs to pass through, not to look around.
  chmodSync(folder, 0o711);
  if (canReach(folder, user)) return folder;
  const name = `askflash-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  const elsewhere = join(user.home, name);
  mkdirSync(elsewhere, { recursive: true, mode: 0o711 });
  writeFileSync(join(folder, DATA_HOME), elsewhere);
  return elsewhere;
}

const DATA_HOME = 'data-home';

/**
 * @param {string} folder
 * @param {{ uid: number, gid: number }} user
 */
function canReach(folder, { uid, gid }) {
  return spawnSync('test', ['-x', folder], { uid, gid, cwd: '/' }).status === 0;
}

/**
 * Deletes a server's data, wherever it is.
 *
 * @param {string} folder as it was started with
 */
export function wipePostgres(folder) {
  const pointer = join(folder, DATA_HOME);
  if (existsSync(pointer)) {
    const elsewhere = readFileSync(pointer, 'utf8');
    rmSync(elsewhere, { recursive: true, force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {string} binaries
 * @param {string} data
 */
async function checkVersion(binaries, data) {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = await run(join(binaries, 'postgres'), ['--version']);
  const installed = /(\d+)/.exec(stdout)?.[1];
  if (made === installed) return;
  throw new StackError(
    `${dirname(data)} was made by PostgreSQL ${made}, and ${installed} is installed`,
    { remedy: 'Delete the data with `npm stop -- --wipe`, or install that version.' },
  );
}

/**
 * What `pg_ctl` looks at too: the server writes its state beside its data, so that another server
 * on the same port cannot be taken for it.
 *
 * @param {string} data
 * @param {number} pid
 */
function isReady(data, pid) {
  const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/** @param {Record<string, string>} values */
function settings(values) {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * @param {string} binaries
 * @param {number} port
 * @param {import('../support/credentials.mjs').Credentials['postgres']} credentials
 */
async function createDatabase(binaries, port, { user, password, database }) {
  /** @param {string[]} args */
  const psql = (...args) =>
    run(
      join(binaries, 'psql'),
      ['-h', LOOPBACK, '-p', String(port), '-U', user, '-d', 'postgres', '-qtAX', ...args],
      { env: { ...bareEnvironment(), PGPASSWORD: password }, cwd: '/' },
    );
  const name = database.replaceAll("'", "''");
  const { stdout } = await psql('-c', `SELECT 1 FROM pg_database WHERE datname = '${name}'`);
  if (stdout.trim() === '1') return;
  await psql('-c', `CREATE DATABASE "${database.replaceAll('"', '""')}"`);
}

export const postgres = { name: 'postgres', title, package: 'postgresql', find, start };
