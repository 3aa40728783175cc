import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './errors.mjs';
import { isAlive } from './processes.mjs';

/** A process that ended, or that was not ready in time; its message ends with its last log lines. */
export class NotReadyError extends StackError {
  /**
   * @param {string} message
   * @param {string} logFile
   * @param {unknown} cause
   */
  constructor(message, logFile, cause) {
    const lines = lastLines(logFile);
    super(`${message}. The end of ${logFile}:\n${lines.map((line) => `  │ ${line}`).join('\n')}`, {
      cause,
    });
    this.name = 'NotReadyError';
    /** Another process took the port between its choice and its use: another port may do. */
    this.isPortTaken = /address (already )?in use|eaddrinuse/i.test(lines.join('\n'));
  }
}

/**
 * Waits until a process that was just started can be used.
 *
 * @param {import('./processes.mjs').ProcessRecord} record
 * @param {object} options
 * @param {() => boolean | Promise<boolean>} options.probe asked again until it says yes; that it
 *   throws means no
 * @param {number} options.deadlineMs
 * @param {string} options.logFile
 * @throws {NotReadyError} where the process ends first, or past the deadline
 */
export async function waitUntilReady(record, { probe, deadlineMs, logFile }) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const isRunning = isAlive(record);
    const { isReady, cause } = await ask(probe);
    // A probe that says yes counts only for a process that lives: a stranger may sit on the port.
    if (isRunning && isReady && isAlive(record)) return;
    if (!isRunning) throw new NotReadyError(`${record.name} ended at its start`, logFile, cause);
    if (Date.now() > deadline) {
      throw new NotReadyError(
        `${record.name} was not ready within ${deadlineMs / 1000} s`,
        logFile,
        cause,
      );
    }
    await delay(50);
  }
}

/** @param {() => boolean | Promise<boolean>} probe */
async function ask(probe) {
  try {
    return { isReady: await probe(), cause: undefined };
  } catch (cause) {
    return { isReady: false, cause };
  }
}

/**
 * @param {string} file
 * @param {number} [count]
 * @returns {string[]}
 */
export function lastLines(file, count = 20) {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
  } catch {
    return ['(there is no log)'];
  }
}
