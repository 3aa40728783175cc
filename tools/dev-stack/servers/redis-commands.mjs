import { connect } from 'node:net';

const TIMEOUT_MS = 5000;

/**
 * Sends commands to a Redis, all of which answer with a line, and waits until it has taken each.
 *
 * @param {string} address its URL, with a login
 * @param {string[][]} commands
 * @throws {Error} where it does not answer, or refuses one
 */
export async function sendToRedis(address, commands) {
  const url = new URL(address);
  const login = [url.username, url.password].map(decodeURIComponent).filter((part) => part !== '');
  const all = [['AUTH', ...login], ...commands];
  const replies = await exchange(url, all.map(encode).join(''), all.length);
  const refused = replies.find((reply) => reply.startsWith('-'));
  if (refused !== undefined) throw new Error(`Redis refuses a command: ${refused.slice(1)}`);
}

/** @param {string[]} parts */
function encode(parts) {
  const bulk = parts.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${parts.length}\r\n${bulk.join('')}`;
}

/**
 * @param {URL} url
 * @param {string} request
 * @param {number} count of the lines it is answered with
 * @returns {Promise<string[]>}
 */
function exchange({ hostname, port }, request, count) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host: hostname, port: Number(port || 6379) });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('Redis does not answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('Redis closed the connection')));
    socket.on('data', (data) => {
      text += data.toString();
      const lines = text.split('\r\n').slice(0, -1);
      if (lines.length < count) return;
      resolve(lines);
      socket.destroy();
    });
    socket.write(request);
  });
}
