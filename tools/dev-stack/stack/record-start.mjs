import { stopProcess } from '../support/processes.mjs';
import { builtSources } from './build.mjs';
import { stopStack } from './stop-stack.mjs';

/**
 * What a start under way is given.
 *
 * @typedef {object} StartUnderWay
 * @property {(kind: 'server' | 'app') => import('../support/processes.mjs').OnProcess} recorder
 * @property {(processes: import('./local.mjs').StartedProcess[]) => void} keep these of those recorded
 *   before, the others having ended
 * @property {AbortSignal} signal aborts where the start is given up
 * @property {() => void} end gives the start up
 */

/**
 * Does a start with each process recorded as soon as it runs, so that another command can end it at
 * any time. Where it fails, or is given up by `signal`, all that is recorded has ended when it throws.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {{ signal: AbortSignal, processes?: import('./local.mjs').StartedProcess[] }} options
 *   `processes`: those that run already
 * @param {(start: StartUnderWay) => Promise<Record<string, string>>} start
 * @returns {Promise<Record<string, string>>} where the stack is
 */
export async function recordStart(local, { signal, processes = [] }, start) {
  /** @type {import('./local.mjs').Started} */
  const started = { phase: 'starting', processes };
  const giveUp = new AbortController();
  const end = () => {
    giveUp.abort();
    // Whoever waits for one of these to be ready stops waiting.
    for (const record of started.processes) void stopProcess(record);
  };
  signal.addEventListener('abort', end);
  try {
    local.writeStarted(started);
    const env = await start({
      signal: giveUp.signal,
      end,
      keep: (kept) => {
        started.processes = [...kept];
        local.writeStarted(started);
      },
      recorder: (kind) => (record) => {
        started.processes.push({ ...record, kind });
        local.writeStarted(started);
        if (giveUp.signal.aborted) void stopProcess(record);
      },
    });
    started.phase = 'up';
    // Not what the sources are by now: somebody may have edited them since the build.
    started.sources = builtSources();
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
