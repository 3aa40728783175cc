import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from '../support/errors.mjs';
import { choosePort } from '../support/ports.mjs';
import { stopProcess } from '../support/processes.mjs';
import { NotReadyError } from '../support/ready.mjs';
import { postgres, wipePostgres } from './postgres.mjs';
import { rabbitmq } from './rabbitmq.mjs';
import { redis } from './redis.mjs';

/** The servers that can run as programs of this machine. */
export const SERVERS = { postgres, redis, rabbitmq };

/** @typedef {keyof typeof SERVERS} ServerName */

/** Those whose programs this machine lacks. */
export function missingServers() {
  return Object.values(SERVERS).filter(({ find }) => find() === undefined);
}

/**
 * How to run one kind of server; `package` is Debian's name of it.
 *
 * @template {import('./server.mjs').RunningServer} Running
 * @typedef {object} Server
 * @property {string} name of its folder and its log
 * @property {string} title
 * @property {string} package
 * @property {() => string | undefined} find gives the folder of its programs
 * @property {(binaries: string, options: import('./server.mjs').StartOptions) => Promise<Running>} start
 */

/**
 * Starts one server in a folder of its own, on other ports where a stranger was faster on the ones
 * chosen.
 *
 * @template {import('./server.mjs').RunningServer} Running
 * @param {Server<Running>} server
 * @param {object} options
 * @param {string} options.folder which the server's is in
 * @param {string} options.logFolder
 * @param {import('../support/credentials.mjs').Credentials} options.credentials
 * @param {import('../support/processes.mjs').OnProcess} options.onProcess
 * @param {boolean} options.standardPorts whether to take those where they are free
 * @param {Map<number, number>} [options.ports] the ports chosen so far by the standard one each
 *   stands for, read and added to: with it a server comes back where it was
 * @param {boolean} options.durable
 * @param {import('./server.mjs').TlsFiles} [options.tls]
 * @returns {Promise<Running>}
 */
export async function startServer(server, options) {
  const { title, name, find, start } = server;
  const { folder, logFolder, ports = new Map(), standardPorts, ...rest } = options;
  const binaries = find();
  if (binaries === undefined) {
    throw new StackError(`${title} is not installed`, {
      remedy: `On Debian: apt-get install ${server.package}`,
    });
  }
  mkdirSync(logFolder, { recursive: true });
  for (let attempt = 1; ; attempt += 1) {
    const choices = new Map(ports);
    /** @type {import('../support/processes.mjs').ProcessRecord[]} */
    const started = [];
    try {
      const running = await start(binaries, {
        ...rest,
        folder: join(folder, name),
        logFile: join(logFolder, `${name}.log`),
        choosePort: async (standard) => {
          const port =
            choices.get(standard) ?? (await choosePort(standardPorts ? standard : undefined));
          choices.set(standard, port);
          return port;
        },
        onProcess: (record) => {
          started.push(record);
          options.onProcess(record);
        },
      });
      for (const [standard, port] of choices) ports.set(standard, port);
      return running;
    } catch (error) {
      for (const record of started.reverse()) await stopProcess(record, { kill: true });
      if (!(error instanceof NotReadyError && error.isPortTaken && attempt < 3)) throw error;
    }
  }
}

/**
 * Deletes the data of every server of a folder; none may run.
 *
 * @param {string} folder
 */
export function wipeServers(folder) {
  wipePostgres(join(folder, 'postgres'));
  for (const name of Object.keys(SERVERS)) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
