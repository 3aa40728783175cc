import { pathFolders } from '../support/binaries.mjs';

/**
 * What every server module is given to start its server.
 *
 * @typedef {object} StartOptions
 * @property {string} folder of the server's own, for its data; made where it is missing
 * @property {string} logFile
 * @property {(standard: number) => Promise<number>} choosePort gives the port to use instead of a
 *   standard one
 * @property {import('../support/credentials.mjs').Credentials} credentials
 * @property {import('../support/processes.mjs').OnProcess} onProcess
 * @property {boolean} durable false for tests: data need not survive a crash of the machine
 * @property {TlsFiles} [tls] where it is to speak TLS, for tests of that
 * @property {number} [deadlineMs] how long the start may take
 */

/**
 * The files, in PEM, that a server speaks TLS with.
 *
 * @typedef {{ key: string, certificate: string, ca: string }} TlsFiles
 */

/**
 * A server that is up.
 *
 * @typedef {object} RunningServer
 * @property {Record<string, string>} env where it is, as the variables that apps read
 * @property {Record<string, number>} ports by what listens there
 * @property {import('../support/processes.mjs').ProcessRecord[]} processes in the order of start
 */

export const LOOPBACK = '127.0.0.1';

/** The environment a server is given: nothing of ours that it could take for its own settings. */
export function bareEnvironment() {
  return { PATH: pathFolders().join(':'), LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}
