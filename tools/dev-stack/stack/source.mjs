import { existsSync, readFileSync } from 'node:fs';
import { missingServers } from '../servers/native.mjs';
import { StackError } from '../support/errors.mjs';
import { canInstall } from './apt.mjs';
import { engineAnswers } from './docker.mjs';

/** @typedef {'environment' | 'docker' | 'native' | 'apt'} SourceKind */

/**
 * Where the servers come from.
 *
 * @typedef {object} Source
 * @property {SourceKind} kind
 * @property {string} reason one line for the user
 * @property {Record<string, string>} [env] of servers that run already
 */

/**
 * What can be found out about this machine, each only when it matters.
 *
 * @typedef {object} Machine
 * @property {() => boolean} dockerAnswers
 * @property {() => { title: string }[]} missing servers whose programs it lacks
 * @property {() => boolean} canInstall whether it is Debian or Ubuntu and we may install packages
 */

/** @type {Machine} */
const thisMachine = { dockerAnswers: engineAnswers, missing: missingServers, canInstall };

/**
 * Chooses where the servers come from: those that the environment names, Docker, this machine's own
 * programs, or Debian's packages.
 *
 * @param {{ docker: boolean }} options `docker`: that and nothing else
 * @param {NodeJS.ProcessEnv} [environment]
 * @param {Machine} [machine]
 * @returns {Source}
 * @throws {StackError} where there is no way
 */
export function chooseSource({ docker }, environment = process.env, machine = thisMachine) {
  const env = namedServers(environment);
  if (env && !docker) {
    return {
      kind: 'environment',
      reason: 'Servers: those of DATABASE_URL, REDIS_URL and RABBITMQ_URL',
      env,
    };
  }
  if (machine.dockerAnswers()) {
    return { kind: 'docker', reason: 'Servers: containers, by docker compose' };
  }
  if (docker) {
    throw new StackError('No Docker engine answers, or it has no `docker compose`', {
      remedy: 'Start Docker, or leave out --docker to use servers of this machine.',
    });
  }
  const missing = machine.missing();
  if (missing.length === 0) {
    return { kind: 'native', reason: 'Servers: private instances of the programs installed here' };
  }
  const titles = missing.map(({ title }) => title).join(', ');
  if (machine.canInstall()) {
    return {
      kind: 'apt',
      reason: `Servers: private instances; ${titles} will be installed by apt-get first`,
    };
  }
  throw new StackError(`There are no servers to use: ${titles} cannot be found on this machine`, {
    remedy: [
      'There are three ways out:',
      '  1. install PostgreSQL, Redis and RabbitMQ (Homebrew: brew install postgresql@15 redis rabbitmq);',
      '  2. start Docker;',
      '  3. set DATABASE_URL, REDIS_URL and RABBITMQ_URL to servers that run elsewhere.',
    ].join('\n'),
  });
}

/**
 * The servers that the environment names, where it names all of them.
 *
 * @param {NodeJS.ProcessEnv} environment
 */
function namedServers(environment) {
  const [database, redis, rabbitmq, management] = [
    'DATABASE_URL',
    'REDIS_URL',
    'RABBITMQ_URL',
    'RABBITMQ_MANAGEMENT_URL',
  ].map((name) => read(environment, name));
  if (!database || !redis || !rabbitmq) return undefined;
  return {
    DATABASE_URL: database,
    REDIS_URL: redis,
    RABBITMQ_URL: rabbitmq,
    RABBITMQ_MANAGEMENT_URL: management ?? usualManagementUrl(rabbitmq),
  };
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 */
function read(environment, name) {
  const file = environment[`${name}_FILE`];
  if (environment[name]) return environment[name];
  return file && existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : undefined;
}

/** @param {string} rabbitmqUrl */
function usualManagementUrl(rabbitmqUrl) {
  const { username, password, hostname } = new URL(rabbitmqUrl);
  return `http://${username}:${password}@${hostname}:15672`;
}
