import { isAlive, stopProcess } from '../support/processes.mjs';
import { say } from '../support/progress.mjs';
import { startApps } from './apps.mjs';
import { build } from './build.mjs';
import { installPackages } from './packages.mjs';
import { startServers } from './servers.mjs';
import { chooseSource } from './source.mjs';
import { stopStack } from './stop-stack.mjs';

/**
 * What runs of a stack that came up: undefined where none did, or where a part of it has ended.
 *
 * @param {import('./local.mjs').LocalFolder} local
 */
export function findRunning(local) {
  const started = local.readStarted();
  const env = local.readEnvironment();
  return started?.phase === 'up' && env && started.processes.every(isAlive) ? env : undefined;
}

/**
 * Brings the whole stack up. Where that fails, or is given up by `signal`, all that it started has
 * ended again when it throws. What an earlier start left behind is ended first.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {object} options
 * @param {boolean} options.docker use Docker and nothing else
 * @param {boolean} options.standardPorts whether to take those where they are free
 * @param {AbortSignal} options.signal
 * @returns {Promise<Record<string, string>>} where it is, as the variables that apps read
 */
export async function startStack(local, { docker, standardPorts, signal }) {
  await endLeftovers(local);
  local.rotateLogs();
  const source = chooseSource({ docker });
  say(source.reason);

  /** @type {import('./local.mjs').Started} */
  const started = { phase: 'starting', processes: [] };
  const giveUp = new AbortController();
  const end = () => {
    giveUp.abort();
    // Whoever waits for one of these to be ready stops waiting.
    for (const record of started.processes) void stopProcess(record);
  };
  signal.addEventListener('abort', end);
  /**
   * @param {'server' | 'app'} kind
   * @returns {import('../support/processes.mjs').OnProcess}
   */
  const recorder = (kind) => (record) => {
    started.processes.push({ ...record, kind });
    local.writeStarted(started);
    if (giveUp.signal.aborted) void stopProcess(record);
  };
  const common = { local, standardPorts, signal: giveUp.signal };
  try {
    local.writeStarted(started);
    const servers = startServers(source, { ...common, onProcess: recorder('server') });
    const [serversEnv] = await bothOrNeither(servers, prepare(common), end);
    const env = await startApps({ ...common, env: serversEnv, onProcess: recorder('app') });
    started.phase = 'up';
    local.writeEnvironment(env);
    local.writeStarted(started);
    return env;
  } catch (error) {
    giveUp.abort();
    await stopStack(local);
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
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
