import { SERVERS, missingServers, startServer } from '../servers/native.mjs';
import { readCredentials } from '../support/credentials.mjs';
import { step } from '../support/progress.mjs';
import { installDebianPackages } from './apt.mjs';
import { startContainers } from './docker.mjs';
import { withLogins } from './logins.mjs';

/**
 * Brings up the servers.
 *
 * @param {import('./source.mjs').Source} source
 * @param {object} options
 * @param {import('./local.mjs').LocalFolder} options.local
 * @param {import('../support/processes.mjs').OnProcess} options.onProcess
 * @param {boolean} options.standardPorts
 * @param {AbortSignal} options.signal
 * @returns {Promise<Record<string, string>>} where they are, as the variables that apps read
 */
export async function startServers(source, { local, onProcess, standardPorts, signal }) {
  if (source.env) return source.env;
  if (source.kind === 'docker') {
    const logFile = local.log('docker');
    const containers = await step(
      'Starting PostgreSQL, Redis and RabbitMQ in containers',
      () => startContainers({ folder: local.folder, logFile, standardPorts, signal }),
      { logFile },
    );
    return withLogins(containers);
  }
  if (source.kind === 'apt') await installMissing(local, signal);
  const environments = await Promise.all(
    Object.values(SERVERS).map(async (server) => {
      const { env } = await step(
        `Starting ${server.title}`,
        () =>
          startServer(
            // Each kind of server gives more than this, which nobody here needs.
            /** @type {import('../servers/native.mjs').Server<import('../servers/server.mjs').RunningServer>} */ (
              server
            ),
            {
              folder: local.folder,
              logFolder: local.logFolder,
              credentials: readCredentials(),
              durable: true,
              standardPorts,
              onProcess,
            },
          ),
        { logFile: local.log(server.name) },
      );
      return env;
    }),
  );
  return withLogins(Object.assign({}, ...environments));
}

/**
 * Installs the servers that this machine lacks, from Debian's packages.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {AbortSignal} [signal]
 */
export async function installMissing(local, signal) {
  const packages = missingServers().map((server) => server.package);
  if (packages.length === 0) return;
  const logFile = local.log('apt-get');
  await step(
    `Installing ${packages.join(', ')} (apt-get)`,
    () => installDebianPackages(packages, { logFile, signal }),
    { logFile },
  );
}
