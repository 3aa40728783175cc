import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runHere } from '../support/command.mjs';
import { workspaceRoot } from '../support/workspace.mjs';

/** The arguments that make node run this workspace's Nx. */
export const NX = [join(workspaceRoot, 'node_modules/.bin/nx')];

/**
 * The environment of Nx, whatever run of Nx this is part of: no daemon is left behind, and its plugins
 * are loaded without a process for each, which halves the time that Nx takes to start.
 */
export function nxEnvironment() {
  const own = Object.entries(process.env).filter(([name]) => !/^(NX_|LERNA_)/.test(name));
  return {
    ...Object.fromEntries(own),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NX_ISOLATE_PLUGINS: 'false',
  };
}

/**
 * Runs targets of every project that has them, all of them even where some fail.
 *
 * @param {string[]} targets
 * @param {{ env?: NodeJS.ProcessEnv, parallel?: number, signal?: AbortSignal }} [options] `env`: besides
 *   the usual; `parallel`: how many at once, where not what nx.json says; `signal`: ends the run
 * @returns {Promise<import('./test-counts.mjs').FailedTask[]>}
 */
export async function runTargets(targets, { env = {}, parallel, signal } = {}) {
  const start = new Date().toISOString();
  const args = [...NX, 'run-many', '-t', ...targets, '--nxBail=false', '--outputStyle=static'];
  if (parallel !== undefined) args.push(`--parallel=${parallel}`);
  const code = await runHere(process.execPath, args, {
    env: { ...nxEnvironment(), ...env },
    signal,
  });
  if (code === 0) return [];
  const failed = failedTasks(start);
  return failed.length > 0 ? failed : [{ project: 'nx', target: targets.join(' ') }];
}

/**
 * What Nx says of its last run (where nx.json has its cache), where that began after `start`.
 *
 * @param {string} start
 */
function failedTasks(start) {
  try {
    /** @type {{ run: { startTime: string }, tasks: { projectName: string, target: string, status: number }[] }} */
    const { run, tasks } = JSON.parse(
      readFileSync(join(workspaceRoot, '.nx/cache/run.json'), 'utf8'),
    );
    if (run.startTime < start) return [];
    return tasks
      .filter(({ status }) => status !== 0)
      .map(({ projectName, target }) => ({ project: projectName, target }));
  } catch {
    return [];
  }
}
