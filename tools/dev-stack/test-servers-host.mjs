/**
 * Holds the servers of one test run and ends them when its standard input closes: also when the
 * tests were killed. Arguments: `--durable`, where data is to survive a crash of the machine, `--tls`
 * with a folder that holds ca.pem, server.pem and server.key, and the names of the servers, none for
 * all.
 *
 * Each line in is a request `{ id, server, action, args }`, each line out the answer to one,
 * `{ id, value }` or `{ id, error }`; the first one out, with id 0, tells where the servers are.
 */
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { SERVERS, startServer, wipeServers } from './servers/native.mjs';
import { readCredentials } from './support/credentials.mjs';
import { StackError } from './support/errors.mjs';
import { stopProcess } from './support/processes.mjs';
import { workspaceRoot } from './support/workspace.mjs';

const { values, positionals: only } = parseArgs({
  options: { durable: { type: 'boolean', default: false }, tls: { type: 'string' } },
  allowPositionals: true,
});
const tls =
  values.tls === undefined
    ? undefined
    : {
        key: join(values.tls, 'server.key'),
        certificate: join(values.tls, 'server.pem'),
        ca: join(values.tls, 'ca.pem'),
      };
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-test-')));
// Other users may pass through, to their server's folder.
chmodSync(folder, 0o711);
/** Every process ever started here. @type {import('./support/processes.mjs').ProcessRecord[]} */
const processes = [];
let isEnding = false;

/**
 * One server, stopped and started on the same ports and data as often as a test likes.
 *
 * @template {import('./servers/server.mjs').RunningServer} Running
 */
class HeldServer {
  /** @type {Map<number, number>} */
  #ports = new Map();
  /** @type {Running | undefined} */
  #running;

  /** @param {import('./servers/native.mjs').Server<Running>} server */
  constructor(server) {
    this.server = server;
  }

  /** @returns {Running} */
  get running() {
    if (this.#running) return this.#running;
    throw new StackError(`${this.server.title} does not run`);
  }

  async start() {
    this.#running ??= await startServer(this.server, {
      folder,
      logFolder: join(folder, 'log'),
      credentials: readCredentials(join(workspaceRoot, '.env.example')),
      standardPorts: false,
      ports: this.#ports,
      durable: values.durable,
      tls,
      onProcess: (record) => {
        processes.push(record);
        // So that whoever looks into the folder can see what runs there.
        appendFileSync(join(folder, 'pids'), `${record.pid}\n`);
        if (isEnding) void stopProcess(record, { kill: true });
      },
    });
  }

  async stop() {
    for (const record of this.#running?.processes.toReversed() ?? []) await stopProcess(record);
    this.#running = undefined;
  }

  async restart() {
    await this.stop();
    await this.start();
  }
}

const held = {
  postgres: new HeldServer(SERVERS.postgres),
  redis: new HeldServer(SERVERS.redis),
  rabbitmq: new HeldServer(SERVERS.rabbitmq),
};
const chosen = Object.values(held).filter(
  ({ server }) => only.length === 0 || only.includes(server.name),
);

/** @param {{ server: keyof typeof held, action: string, args: string[] }} request */
async function answer({ server, action, args }) {
  const target = held[server];
  if (action === 'start') return target.start();
  if (action === 'stop') return target.stop();
  if (action === 'restart') return target.restart();
  if (action === 'pid') return target.running.processes.at(-1)?.pid;
  if (action === 'ctl') return held.rabbitmq.running.ctl(args);
  throw new StackError(`No such action: ${action}`);
}

/**
 * @param {number} id
 * @param {Promise<unknown>} result
 */
async function reply(id, result) {
  const message = await result.then(
    (value) => ({ id, value: value ?? null }),
    (error) => ({ id, error: error instanceof Error ? error.message : String(error) }),
  );
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function startAll() {
  await Promise.all(chosen.map((server) => server.start()));
  const env = Object.assign({}, ...chosen.map(({ running }) => running.env));
  const file = join(folder, 'servers.json');
  writeFileSync(file, JSON.stringify({ env }), { mode: 0o600 });
  const redisPort = chosen.includes(held.redis) ? held.redis.running.ports.redis : 0;
  return { env, file, redisPort };
}

async function end() {
  if (isEnding) return;
  isEnding = true;
  await Promise.all(processes.map((record) => stopProcess(record, { kill: true })));
  wipeServers(folder);
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

// A reader that has gone is no reason to leave servers behind.
process.stdout.on('error', () => undefined);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void end());
process.on('uncaughtException', () => void end());
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line);
    void reply(request.id, answer(request));
  })
  .on('close', () => void end());
const all = startAll();
await reply(0, all);
all.catch(() => end());
