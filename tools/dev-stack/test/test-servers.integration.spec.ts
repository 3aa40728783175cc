import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { eventually } from '@askflash/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { SERVERS, startServer, wipeServers } from '../servers/native.mjs';
import { readCredentials } from '../support/credentials.mjs';
import { identify, stopProcess } from '../support/processes.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { startTestServers } from '../test-servers.mjs';

/** Only root has to run PostgreSQL as somebody else. */
const itAsRoot = process.getuid?.() === 0 ? it : it.skip;
/** Which addresses are listened on is read from /proc. */
const itOnLinux = process.platform === 'linux' ? it : it.skip;

type TestServers = Awaited<ReturnType<typeof startTestServers>>;

describe('two sets of test servers at the same time', () => {
  let sets: TestServers[];
  beforeAll(async () => {
    sets = await Promise.all([startTestServers(), startTestServers()]);
  });
  afterAll(() => Promise.all(sets.map((set) => set.stop())));

  it('have each their own ports, and tell of them in a file', () => {
    const ports = sets.flatMap(({ env }) => Object.values(env).map((url) => new URL(url).port));
    expect(new Set(ports).size).toBe(8);
    for (const { file, env } of sets)
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ env });
  });

  it('do not see each other’s data', async () => {
    for (const [index, { env }] of sets.entries()) {
      const redis = new Redis(env.REDIS_URL ?? '');
      await redis.set(`set:${index}`, '1');
      expect(await redis.keys('set:*')).toEqual([`set:${index}`]);
      redis.disconnect();
      const client = new pg.Client({ connectionString: env.DATABASE_URL });
      await client.connect();
      await client.query('CREATE TABLE only_mine (id int)');
      await client.end();
    }
  });

  it('have brokers of different names, of a cluster of one each', async () => {
    const nodes = await Promise.all(
      sets.map(async ({ rabbitmq }) => {
        const status = await rabbitmq.ctl(['cluster_status', '--formatter', 'json']);
        return JSON.parse(status).running_nodes;
      }),
    );
    expect(nodes.map((running) => running.length)).toEqual([1, 1]);
    expect(nodes[0]).not.toEqual(nodes[1]);
  });

  itOnLinux('listen on loopback only', () => {
    const listening = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter((fields) => fields[3] === '0A')
        .map(([, local = '']) => local.split(':')),
    );
    for (const { env } of sets) {
      for (const url of Object.values(env)) {
        const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, '0');
        const addresses = listening.filter(([, own]) => own === port).map(([address]) => address);
        expect(addresses).toEqual(['0100007F']);
      }
    }
  });

  it('run with the settings of infrastructure/', async () => {
    const [set] = sets;
    const redis = new Redis(set?.env.REDIS_URL ?? '');
    const setting = async (name: string) => (await redis.config('GET', name)) as string[];
    expect(await setting('maxmemory')).toEqual(['maxmemory', String(512 * 1024 * 1024)]);
    expect(await setting('maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru']);
    expect(await setting('stream-node-max-bytes')).toEqual(['stream-node-max-bytes', '1024']);
    expect(await setting('stream-node-max-entries')).toEqual(['stream-node-max-entries', '100']);
    expect((await setting('notify-keyspace-events'))[1]?.split('').sort()).toEqual(['E', 'x']);
    expect(await setting('appendonly')).toEqual(['appendonly', 'yes']);
    expect(await setting('appendfsync')).toEqual(['appendfsync', 'everysec']);
    redis.disconnect();
    const limit = await set?.rabbitmq.ctl([
      'eval',
      'element(2, application:get_env(rabbit, max_message_size)).',
    ]);
    expect(limit?.trim()).toBe('16777216');
  });

  it('keep their data and ports over a restart', async () => {
    const [set] = sets;
    const redis = new Redis(set?.env.REDIS_URL ?? '');
    await redis.set('kept', 'yes');
    redis.disconnect();
    await set?.redis.restart();
    await set?.postgres.restart();
    const again = new Redis(set?.env.REDIS_URL ?? '');
    expect(await again.get('kept')).toBe('yes');
    again.disconnect();
    const client = new pg.Client({ connectionString: set?.env.DATABASE_URL });
    await client.connect();
    expect((await client.query('SELECT * FROM only_mine')).rows).toEqual([]);
    await client.end();
  });
});

describe('test servers of a process that is killed', () => {
  it('end, and leave nothing behind', async () => {
    const parent = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `const { startTestServers } = await import('${workspaceRoot}/tools/dev-stack/test-servers.mjs');
         const { file } = await startTestServers();
         console.log(file);
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const file = await new Promise<string>((resolve) => {
      parent.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
    });
    const folder = dirname(file);
    const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(4);
    parent.kill('SIGKILL');
    await eventually(() => !existsSync(folder), { timeoutMs: 30_000 });
    expect(pids.filter((pid) => identify(pid) !== undefined)).toEqual([]);
  });
});

describe('startServer', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-test-')));
  chmodSync(folder, 0o711);
  const records: Parameters<typeof stopProcess>[0][] = [];
  const options = {
    folder,
    logFolder: join(folder, 'log'),
    credentials: readCredentials(join(workspaceRoot, '.env.example')),
    standardPorts: false,
    durable: false,
    onProcess: (record: (typeof records)[number]) => void records.push(record),
  };
  afterEach(() => Promise.all(records.map((record) => stopProcess(record, { kill: true }))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a PostgreSQL data folder anew that was left half-made', async () => {
    for (const leftover of ['data', 'data.half']) {
      mkdirSync(join(folder, 'postgres', leftover, 'base'), { recursive: true });
      writeFileSync(join(folder, 'postgres', leftover, 'postgresql.conf'), 'half a line');
    }
    const { env } = await startServer(SERVERS.postgres, options);
    const client = new pg.Client({ connectionString: env.DATABASE_URL });
    await client.connect();
    expect((await client.query('SELECT current_database() AS name')).rows).toEqual([
      { name: 'askflashdb' },
    ]);
    await client.end();
    expect(existsSync(join(folder, 'postgres/data.half'))).toBe(false);
  });

  it('starts PostgreSQL after a crash that left its pid file', async () => {
    const { processes } = await startServer(SERVERS.postgres, options);
    for (const record of processes) await stopProcess(record, { kill: true });
    expect(existsSync(join(folder, 'postgres/data/postmaster.pid'))).toBe(true);
    const { env } = await startServer(SERVERS.postgres, options);
    expect(env.DATABASE_URL).toContain('/askflashdb');
  });

  itAsRoot('keeps PostgreSQL’s data where its user can get to, and deletes it', async () => {
    const hidden = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-hidden-')));
    await startServer(SERVERS.postgres, { ...options, folder: hidden });
    const data = readFileSync(join(hidden, 'postgres/data-home'), 'utf8');
    expect(existsSync(join(data, 'data/PG_VERSION'))).toBe(true);
    for (const record of records) await stopProcess(record, { kill: true });
    wipeServers(hidden);
    expect(existsSync(data)).toBe(false);
    rmSync(hidden, { recursive: true });
  });

  it('refuses data of another version of PostgreSQL, and says what to do', async () => {
    const other = { ...options, folder: join(folder, 'other') };
    mkdirSync(join(other.folder, 'postgres/data'), { recursive: true });
    writeFileSync(join(other.folder, 'postgres/data/PG_VERSION'), '9\n');
    await expect(startServer(SERVERS.postgres, other)).rejects.toMatchObject({
      message: expect.stringContaining('made by PostgreSQL 9'),
      remedy: expect.stringContaining('--wipe'),
    });
  });

  it('sees where a stranger has taken the port, and shows the log', async () => {
    const stranger = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const starting = startServer(SERVERS.redis, { ...options, ports: new Map([[6379, port]]) });
    await expect(starting).rejects.toMatchObject({
      isPortTaken: true,
      message: expect.stringContaining('Redis ended at its start'),
    });
    await new Promise((resolve) => stranger.close(resolve));
  });
});
