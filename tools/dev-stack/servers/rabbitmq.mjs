import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFolder, pathFolders } from '../support/binaries.mjs';
import { startProcess } from '../support/processes.mjs';
import { waitUntilReady } from '../support/ready.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { LOOPBACK, bareEnvironment } from './server.mjs';

const run = promisify(execFile);

const title = 'RabbitMQ';

/** The folder of RabbitMQ's programs, where it and Erlang are installed. */
function find() {
  const hasErlang = findFolder(erlangFolders(), ['erl', 'epmd']) !== undefined;
  // Debian's scripts on the PATH change to the user `rabbitmq`: the real ones come first.
  const folders = [
    '/usr/lib/rabbitmq/bin',
    '/opt/homebrew/sbin',
    '/opt/homebrew/opt/rabbitmq/sbin',
    '/usr/local/opt/rabbitmq/sbin',
    ...pathFolders().filter((folder) => !existsSync(join(folder, 'rabbitmq-script-wrapper'))),
  ];
  return hasErlang ? findFolder(folders, ['rabbitmq-server', 'rabbitmqctl']) : undefined;
}

/** Where Erlang's own programs may be. */
function erlangFolders() {
  return [...pathFolders(), '/opt/homebrew/bin', '/usr/local/opt/erlang/bin'];
}

/**
 * Starts RabbitMQ, with a name server of its own, and waits until it takes connections.
 *
 * @param {string} binaries
 * @param {import('./server.mjs').StartOptions} options
 * @returns {Promise<import('./server.mjs').RunningServer & { ctl(args: string[]): Promise<string> }>}
 *   `ctl` runs rabbitmqctl on it and gives what that prints
 */
async function start(binaries, options) {
  const {
    folder,
    logFile,
    credentials,
    choosePort,
    onProcess,
    tls,
    deadlineMs = 120_000,
  } = options;
  const ports = {
    amqp: await choosePort(5672),
    management: await choosePort(15_672),
    metrics: await choosePort(15_692),
    distribution: await choosePort(25_672),
    epmd: await choosePort(4369),
    ...(tls && { managementTls: await choosePort(15_671) }),
  };
  const { user, password } = credentials.rabbitmq;
  const node = nodeName(folder);
  mkdirSync(join(folder, 'conf.d'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'conf.d/instance.conf'), instanceConf(ports, tls));
  const env = environment(folder, node, ports);

  const epmdFolder = findFolder(erlangFolders(), ['epmd']) ?? '/usr/bin';
  const epmd = await startProcess({
    name: `${title}’s name server`,
    command: join(epmdFolder, 'epmd'),
    args: ['-address', LOOPBACK, '-port', String(ports.epmd)],
    env,
    cwd: folder,
    logFile,
    onProcess,
  });
  const broker = await startProcess({
    name: title,
    command: join(binaries, 'rabbitmq-server'),
    args: [],
    env: { ...env, RABBITMQ_DEFAULT_USER: user, RABBITMQ_DEFAULT_PASS: password },
    cwd: folder,
    logFile,
    graceMs: 60_000,
    onProcess,
  });
  const management = `http://${LOOPBACK}:${ports.management}`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  await waitUntilReady(broker, {
    probe: () => isReady(management, authorization, node, ports.amqp),
    deadlineMs,
    logFile,
  });
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return {
    env: {
      RABBITMQ_URL: `${tls ? 'amqps' : 'amqp'}://${login}@${LOOPBACK}:${ports.amqp}`,
      RABBITMQ_MANAGEMENT_URL: tls
        ? `https://${login}@${LOOPBACK}:${ports.managementTls}`
        : `http://${login}@${LOOPBACK}:${ports.management}`,
    },
    ports,
    processes: [epmd, broker],
    ctl: async (args) =>
      (await run(join(binaries, 'rabbitmqctl'), args, { env, cwd: folder })).stdout,
  };
}

/**
 * The same for the same folder, as the data belongs to a node by name; another for every other.
 *
 * @param {string} folder
 */
function nodeName(folder) {
  return `askflash-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}@localhost`;
}

/**
 * The management API stays on its plain port too: the start asks there whether the node is up.
 *
 * @param {{ amqp: number, management: number, metrics: number, managementTls?: number }} ports
 * @param {import('./server.mjs').TlsFiles} [tls]
 */
function instanceConf(ports, tls) {
  return [
    ...(tls
      ? [
          'listeners.tcp = none',
          `listeners.ssl.1 = ${LOOPBACK}:${ports.amqp}`,
          ...tlsFiles('ssl_options', tls),
          `management.ssl.ip = ${LOOPBACK}`,
          `management.ssl.port = ${ports.managementTls}`,
          ...tlsFiles('management.ssl', tls),
        ]
      : [`listeners.tcp.1 = ${LOOPBACK}:${ports.amqp}`]),
    `management.tcp.ip = ${LOOPBACK}`,
    `management.tcp.port = ${ports.management}`,
    `prometheus.tcp.ip = ${LOOPBACK}`,
    `prometheus.tcp.port = ${ports.metrics}`,
    '',
  ].join('\n');
}

/**
 * @param {string} prefix
 * @param {import('./server.mjs').TlsFiles} files
 */
function tlsFiles(prefix, { key, certificate, ca }) {
  return [
    `${prefix}.cacertfile = ${ca}`,
    `${prefix}.certfile = ${certificate}`,
    `${prefix}.keyfile = ${key}`,
  ];
}

/**
 * @param {string} folder
 * @param {string} node
 * @param {{ distribution: number, epmd: number }} ports
 */
function environment(folder, node, ports) {
  return {
    ...bareEnvironment(),
    // The Erlang cookie is here: other users and other instances have others.
    HOME: folder,
    ERL_EPMD_ADDRESS: LOOPBACK,
    ERL_EPMD_PORT: String(ports.epmd),
    RABBITMQ_NODENAME: node,
    RABBITMQ_DIST_PORT: String(ports.distribution),
    // Schedulers that wait do not spin: the cores are shared with everything else.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    RABBITMQ_CTL_DIST_PORT_MIN: '0',
    RABBITMQ_CTL_DIST_PORT_MAX: '0',
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: join(workspaceRoot, 'infrastructure/rabbitmq/rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(folder, 'conf.d'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(workspaceRoot, 'infrastructure/rabbitmq/enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    // The start script becomes the server instead of staying as its parent: one pid, one signal.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

/**
 * Whether our node, and no stranger on its port, serves AMQP and has its virtual hosts up.
 *
 * @param {string} management
 * @param {string} authorization
 * @param {string} node
 * @param {number} amqpPort
 */
async function isReady(management, authorization, node, amqpPort) {
  /** @param {string} path */
  const get = (path) =>
    fetch(`${management}/api/${path}`, {
      headers: { authorization },
      signal: AbortSignal.timeout(5000),
    });
  const overview = await get('overview');
  if (!overview.ok) return false;
  /** @type {{ node?: string }} */
  const { node: answering } = Object(await overview.json());
  if (answering !== node) return false;
  const checks = await Promise.all([
    get(`health/checks/port-listener/${amqpPort}`),
    get('health/checks/virtual-hosts'),
  ]);
  return checks.every(({ ok }) => ok);
}

export const rabbitmq = { name: 'rabbitmq', title, package: 'rabbitmq-server', find, start };
