import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

const HOST = '127.0.0.1';
// Below the range that systems take ports of outgoing connections from.
const [FIRST, LAST] = [20_000, 32_000];

/**
 * Whether nobody listens on a port of this machine and we could.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export async function isFree(port) {
  // Some systems let one bind to loopback beside somebody who listens on every address.
  return !(await answers(port)) && (await canListen(port));
}

/**
 * A port that nobody uses: the preferred one where it is free.
 *
 * @param {number} [preferred]
 * @returns {Promise<number>}
 */
export async function choosePort(preferred) {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (chosen.has(port)) continue;
    // Noted before it is looked at, so that two who choose at once do not both find it free.
    chosen.add(port);
    if (await isFree(port)) return port;
  }
}

/** What this process has looked at before, perhaps given away and not used yet. @type {Set<number>} */
const chosen = new Set();

/** @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** @param {number} port */
function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: HOST }, () => server.close(() => resolve(true)));
  });
}
