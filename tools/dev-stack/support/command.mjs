import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { StackError } from './errors.mjs';
import { lastLines } from './ready.mjs';
import { workspaceRoot } from './workspace.mjs';

/**
 * Runs a command to its end, with its output in a log file.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} options.logFile
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {AbortSignal} [options.signal] ends it
 * @throws {StackError} where it fails, with the last lines of its log
 */
export async function runLogged(command, args, { logFile, env = process.env, signal }) {
  mkdirSync(dirname(logFile), { recursive: true });
  appendFileSync(logFile, `\n> ${[command, ...args].join(' ')}\n`);
  const log = openSync(logFile, 'a');
  const code = await exitOf(
    spawn(command, args, { cwd: workspaceRoot, env, signal, stdio: ['ignore', log, log] }),
  ).finally(() => closeSync(log));
  if (code === 0) return;
  const lines = lastLines(logFile).map((line) => `  │ ${line}`);
  throw new StackError(
    `\`${[command, ...args].join(' ')}\` failed with exit code ${code}. The end of ${logFile}:\n${lines.join('\n')}`,
  );
}

/**
 * Runs a command to its end in this terminal and gives its exit code.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, signal?: AbortSignal }} [options] `signal`: ends it
 * @throws {StackError} where it cannot be run, or is ended by `signal`
 */
export function runHere(command, args, { env = process.env, signal } = {}) {
  return exitOf(spawn(command, args, { cwd: workspaceRoot, env, signal, stdio: 'inherit' }));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function exitOf(child) {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('error', (cause) =>
      reject(new StackError(`${child.spawnfile} cannot be run: ${cause.message}`, { cause })),
    );
  });
}
