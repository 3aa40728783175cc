import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../support/command.mjs';
import { credentialsFile, readCredentials } from '../support/credentials.mjs';
import { choosePort } from '../support/ports.mjs';

/** Named, so that no COMPOSE_FILE of the user's takes their place. */
const FILES = ['docker-compose.yml', 'docker-compose.override.yml'];
const SERVICES = ['postgres', 'redis', 'rabbitmq'];
/** Exists in a stack's folder while there may be containers or volumes of it. */
const MARK = 'docker';

/** Whether a Docker engine answers and knows `docker compose`. */
export function engineAnswers() {
  const succeeds = (/** @type {string[]} */ ...args) =>
    spawnSync('docker', args, { stdio: 'ignore', timeout: 5000 }).status === 0;
  return succeeds('compose', 'version') && succeeds('info');
}

/**
 * The Compose project of a stack: of no other stack, and not that of a plain `docker compose up`.
 *
 * @param {string} folder the stack's
 */
function projectOf(folder) {
  return `askflash-${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
}

/**
 * Starts the servers as containers and waits until they are healthy.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.logFile
 * @param {boolean} options.standardPorts
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<Record<string, string>>} where they are, as the variables that apps read
 */
export async function startContainers({ folder, logFile, standardPorts, signal }) {
  writeFileSync(join(folder, MARK), projectOf(folder));
  /** @param {number} standard */
  const port = (standard) => choosePort(standardPorts ? standard : undefined);
  const ports = {
    POSTGRES_PORT: String(await port(5432)),
    REDIS_PORT: String(await port(6379)),
    RABBITMQ_PORT: String(await port(5672)),
    RABBITMQ_MANAGEMENT_PORT: String(await port(15_672)),
    RABBITMQ_METRICS_PORT: String(await port(15_692)),
  };
  await compose(folder, ['up', '--detach', '--wait', '--wait-timeout', '180', ...SERVICES], {
    logFile,
    signal,
    env: { ...process.env, ...ports },
  });
  const { postgres, redis, rabbitmq } = readCredentials();
  const encode = encodeURIComponent;
  const host = '127.0.0.1';
  const rabbitmqLogin = `${encode(rabbitmq.user)}:${encode(rabbitmq.password)}`;
  return {
    DATABASE_URL: `postgres://${encode(postgres.user)}:${encode(postgres.password)}@${host}:${ports.POSTGRES_PORT}/${encode(postgres.database)}`,
    REDIS_URL: `redis://:${encode(redis.password)}@${host}:${ports.REDIS_PORT}`,
    RABBITMQ_URL: `amqp://${rabbitmqLogin}@${host}:${ports.RABBITMQ_PORT}`,
    RABBITMQ_MANAGEMENT_URL: `http://${rabbitmqLogin}@${host}:${ports.RABBITMQ_MANAGEMENT_PORT}`,
  };
}

/**
 * Ends the containers of a stack, where it has any.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.logFile
 * @param {boolean} options.wipe their data too
 */
export async function stopContainers({ folder, logFile, wipe }) {
  if (!existsSync(join(folder, MARK))) return;
  await compose(folder, ['down', ...(wipe ? ['--volumes'] : [])], { logFile, env: process.env });
  if (wipe) rmSync(join(folder, MARK));
}

/**
 * @param {string} folder
 * @param {string[]} args
 * @param {{ logFile: string, env: NodeJS.ProcessEnv, signal?: AbortSignal }} options
 */
function compose(folder, args, options) {
  const files = FILES.flatMap((file) => ['--file', file]);
  const project = ['--env-file', credentialsFile(), '--project-name', projectOf(folder)];
  return runLogged('docker', ['compose', ...files, ...project, ...args], options);
}
