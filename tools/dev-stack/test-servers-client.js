const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');
const { join } = require('node:path');

/**
 * @typedef {object} TestServer
 * @property {() => Promise<void>} stop in an orderly way
 * @property {() => Promise<void>} start on the same ports, with the same data
 * @property {() => Promise<void>} restart
 * @property {() => Promise<number>} pid of the process that is the server as long as it runs
 */

/**
 * @typedef {object} TestServers
 * @property {Record<string, string>} env where the servers are, as the variables that apps read
 * @property {string} file which holds `{ env }`: what ASKFLASH_TEST_SERVERS names
 * @property {() => Promise<void>} stop ends all of them and deletes their data
 * @property {TestServer} postgres
 * @property {TestServer & { port: number }} redis
 * @property {TestServer & { ctl(args: string[]): Promise<string> }} rabbitmq `ctl` runs
 *   rabbitmqctl and gives what it prints
 */

/**
 * Starts real servers for tests, on free ports of loopback, in a temporary folder. They belong to
 * a process of their own (test-servers-host.mjs), which ends them when this one does, however that
 * comes about.
 *
 * @param {{ only?: import('./servers/native.mjs').ServerName[], durable?: boolean, tls?: string }} [options]
 *   `only`: without the others, whose variables `env` then lacks; `durable`: as in production, data
 *   survives a crash of the machine, which costs time; `tls`: they speak TLS, with ca.pem, server.pem
 *   and server.key of that folder
 * @returns {Promise<TestServers>}
 * @throws {Error} where one cannot be started
 */
async function startTestServers({ only = [], durable = false, tls } = {}) {
  const host = new Host([
    ...(durable ? ['--durable'] : []),
    ...(tls === undefined ? [] : ['--tls', tls]),
    ...only,
  ]);
  const { env, file, redisPort } = await host.ready;
  /** @param {string} server */
  const controls = (server) => ({
    stop: async () => void (await host.call(server, 'stop')),
    start: async () => void (await host.call(server, 'start')),
    restart: async () => void (await host.call(server, 'restart')),
    pid: async () => Number(await host.call(server, 'pid')),
  });
  return {
    env,
    file,
    stop: () => host.stop(),
    postgres: controls('postgres'),
    redis: { ...controls('redis'), port: redisPort },
    rabbitmq: { ...controls('rabbitmq'), ctl: (args) => host.call('rabbitmq', 'ctl', args) },
  };
}

/** The near end of test-servers-host.mjs: one JSON document a line, in both directions. */
class Host {
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #calls = new Map();
  #nextId = 1;
  #child;
  #exited;

  /** @param {string[]} args */
  constructor(args) {
    // A group of its own: Ctrl-C is for the tests, and the host ends in order when they have.
    this.#child = spawn(process.execPath, [join(__dirname, 'test-servers-host.mjs'), ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.once('exit', () => this.#rejectAll('The process that held the test servers ended'));
    this.#child.stdin.on('error', () => undefined);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#settle(line));
    /** @type {Promise<{ env: Record<string, string>, file: string, redisPort: number }>} */
    this.ready = this.#expect(0).finally(() => this.#keepAlive(false));
  }

  /**
   * @param {string} server
   * @param {string} action
   * @param {string[]} [args]
   */
  async call(server, action, args = []) {
    const id = this.#nextId++;
    this.#keepAlive(true);
    this.#child.stdin.write(`${JSON.stringify({ id, server, action, args })}\n`);
    return this.#expect(id).finally(() => this.#keepAlive(this.#calls.size > 0));
  }

  async stop() {
    this.#keepAlive(true);
    this.#child.stdin.end();
    await this.#exited;
  }

  /** @param {number} id */
  #expect(id) {
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  /** @param {string} line */
  #settle(line) {
    const { id, value, error } = JSON.parse(line);
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  }

  /** @param {string} message */
  #rejectAll(message) {
    for (const { reject } of this.#calls.values()) reject(new Error(message));
    this.#calls.clear();
  }

  /**
   * Servers that nobody waits for do not keep a test process alive: they end with it.
   *
   * @param {boolean} isNeeded
   */
  #keepAlive(isNeeded) {
    const { stdin, stdout } = this.#child;
    for (const handle of [this.#child, stdin, stdout]) {
      if (!('ref' in handle) || typeof handle.ref !== 'function') continue;
      if (isNeeded) handle.ref();
      else if ('unref' in handle && typeof handle.unref === 'function') handle.unref();
    }
  }
}

module.exports = { startTestServers };
