import { isAlive, stopProcess } from '../support/processes.mjs';
import { say, step } from '../support/progress.mjs';
import { findAgents } from './agents.mjs';
import { startApps } from './apps.mjs';
import { build, sourcesHash } from './build.mjs';
import { renewLogins } from './logins.mjs';
import { installPackages } from './packages.mjs';
import { recordStart } from './record-start.mjs';
import { startServers } from './servers.mjs';
import { chooseSource } from './source.mjs';
import { stopStack } from './stop-stack.mjs';

/**
 * @typedef {object} StartOptions
 * @property {boolean} standardPorts whether to take those where they are free
 * @property {AbortSignal} signal
 */

/**
 * What runs of a stack that came up: undefined where none did, or where a part of it has ended.
 * `current` tells whether its apps are what the sources are now.
 *
 * @param {import('./local.mjs').LocalFolder} local
 */
export function findRunning(local) {
  const started = local.readStarted();
  const env = local.readEnvironment();
  if (started?.phase !== 'up' || !env || !started.processes.every(isAlive)) return undefined;
  const names = started.processes.map(({ name }) => name);
  const hasAgents = findAgents().every(({ name }) => names.includes(name));
  return { env, current: hasAgents && started.sources === sourcesHash() };
}

/**
 * Brings the whole stack up. Where that fails, or is given up by `signal`, all that it started has
 * ended again when it throws. What an earlier start left behind is ended first.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {StartOptions & { docker: boolean }} options `docker`: use Docker and nothing else
 * @returns {Promise<Record<string, string>>} where it is, as the variables that apps read
 */
export async function startStack(local, { docker, standardPorts, signal }) {
  await endLeftovers(local);
  local.rotateLogs();
  const source = chooseSource({ docker });
  say(source.reason);
  return recordStart(local, { signal }, async ({ recorder, signal, end }) => {
    const common = { local, standardPorts, signal };
    const servers = startServers(source, { ...common, onProcess: recorder('server') });
    const [env] = await bothOrNeither(servers, prepare(common), end);
    return startApps({ ...common, env, onProcess: recorder('app') });
  });
}

/**
 * Ends the apps of a stack that runs and starts them as the sources are now, new agents among them;
 * its servers go on. Where the sources cannot be built, all of it runs on as it was.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {Record<string, string>} env where the stack is
 * @param {StartOptions} options
 * @returns {Promise<Record<string, string>>} where it is now
 */
export async function renewApps(local, env, { standardPorts, signal }) {
  say('The sources have changed since the stack came up: its apps start anew.');
  await prepare({ local, signal });
  const processes = local.readStarted()?.processes ?? [];
  const servers = processes.filter(({ kind }) => kind === 'server');
  const apps = processes.filter(({ kind }) => kind === 'app');
  return recordStart(local, { signal, processes }, async ({ recorder, signal, keep }) => {
    await step('Stopping the apps', () => Promise.all(apps.map((record) => stopProcess(record))));
    keep(servers);
    const onProcess = recorder('app');
    return startApps({ local, env: renewLogins(env), standardPorts, signal, onProcess });
  });
}

/** @param {import('./local.mjs').LocalFolder} local */
async function endLeftovers(local) {
  const started = local.readStarted();
  if (!started) return;
  const ended = started.processes.filter((record) => !isAlive(record)).map(({ name }) => name);
  say(
    started.phase === 'up' && ended.length > 0
      ? `The stack that ran here is not whole any more (ended: ${ended.join(', ')}); starting anew`
      : 'The last start did not get to its end; clearing up after it',
  );
  await stopStack(local);
}

/**
 * Packages and apps, made while the servers start.
 *
 * @param {{ local: import('./local.mjs').LocalFolder, signal: AbortSignal }} options
 */
async function prepare({ local, signal }) {
  await installPackages({ logFile: local.log('npm-ci'), signal });
  await build({ logFile: local.log('build'), signal });
}

/**
 * Waits for two things; where one fails, ends the other before it says so.
 *
 * @template First, Second
 * @param {Promise<First>} first
 * @param {Promise<Second>} second
 * @param {() => void} end
 * @returns {Promise<[First, Second]>}
 */
async function bothOrNeither(first, second, end) {
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    end();
    await Promise.allSettled([first, second]);
    throw error;
  }
}
