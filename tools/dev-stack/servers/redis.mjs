import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { findFolder, pathFolders } from '../support/binaries.mjs';
import { startProcess } from '../support/processes.mjs';
import { waitUntilReady } from '../support/ready.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { LOOPBACK, bareEnvironment } from './server.mjs';

const title = 'Redis';

/** The folder of Redis' programs, where it is installed. */
function find() {
  return findFolder([...pathFolders(), '/opt/homebrew/bin'], ['redis-server']);
}

/**
 * Starts Redis and waits until it answers.
 *
 * @param {string} binaries
 * @param {import('./server.mjs').StartOptions} options
 * @returns {Promise<import('./server.mjs').RunningServer>}
 */
async function start(binaries, options) {
  const { folder, logFile, credentials, onProcess, tls, deadlineMs = 30_000 } = options;
  const port = await options.choosePort(6379);
  const { password } = credentials.redis;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'redis.conf');
  writeFileSync(
    file,
    [
      `include "${join(workspaceRoot, 'infrastructure/redis/redis.conf')}"`,
      `bind ${LOOPBACK}`,
      ...(tls ? tlsSettings(port, tls) : [`port ${port}`]),
      `requirepass "${password}"`,
      `dir "${folder}"`,
      '',
    ].join('\n'),
    { mode: 0o600 },
  );
  const record = await startProcess({
    name: title,
    command: join(binaries, 'redis-server'),
    args: [file],
    env: bareEnvironment(),
    cwd: folder,
    logFile,
    onProcess,
  });
  await waitUntilReady(record, {
    probe: () => isServedBy(record.pid, port, password, tls !== undefined),
    deadlineMs,
    logFile,
  });
  return {
    env: {
      REDIS_URL: `${tls ? 'rediss' : 'redis'}://:${encodeURIComponent(password)}@${LOOPBACK}:${port}`,
    },
    ports: { redis: port },
    processes: [record],
  };
}

/**
 * @param {number} port
 * @param {import('./server.mjs').TlsFiles} files
 */
function tlsSettings(port, { key, certificate, ca }) {
  return [
    'port 0',
    `tls-port ${port}`,
    `tls-cert-file "${certificate}"`,
    `tls-key-file "${key}"`,
    `tls-ca-cert-file "${ca}"`,
    'tls-auth-clients no',
  ];
}

/**
 * Whether the Redis on a port takes our password, has loaded its data and is that very process.
 *
 * @param {number} pid
 * @param {number} port
 * @param {string} password
 * @param {boolean} overTls
 * @returns {Promise<boolean>}
 */
function isServedBy(pid, port, password, overTls) {
  return new Promise((resolve, reject) => {
    let reply = '';
    // What it says of itself is checked; its certificate is its clients' affair.
    const socket = overTls
      ? connectTls({ port, host: LOOPBACK, rejectUnauthorized: false })
      : connect({ port, host: LOOPBACK });
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => (reply += data.toString()));
    socket.once('error', reject);
    socket.once('close', () =>
      resolve(reply.includes(`process_id:${pid}\r\n`) && reply.includes('loading:0\r\n')),
    );
    const auth = ['AUTH', password].map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
    socket.end(`*2\r\n${auth.join('')}INFO\r\nQUIT\r\n`);
  });
}

export const redis = { name: 'redis', title, package: 'redis-server', find, start };
