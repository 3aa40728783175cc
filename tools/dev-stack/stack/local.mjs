import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { wipeServers } from '../servers/native.mjs';
import { StackError, hasCode } from '../support/errors.mjs';
import { identify, isAlive } from '../support/processes.mjs';
import { workspaceRoot } from '../support/workspace.mjs';

/**
 * What a start has done so far, in `processes.json`: enough for another process to end it.
 *
 * @typedef {object} Started
 * @property {'starting' | 'up'} phase
 * @property {StartedProcess[]} processes in the order of start
 * @property {string} [sources] what the apps were built from, as `sourcesHash` tells it
 */

/** @typedef {import('../support/processes.mjs').ProcessRecord & { kind: 'server' | 'app' }} StartedProcess */

/** The folder of one stack: data, logs, and what runs. By default `.local` of the checkout. */
export class LocalFolder {
  constructor(folder = resolve(workspaceRoot, process.env['ASKFLASH_LOCAL_DIR'] ?? '.local')) {
    this.folder = folder;
    this.logFolder = join(folder, 'log');
    this.previousLogFolder = join(folder, 'log.previous');
    this.stackFile = join(folder, 'stack.json');
    this.startedFile = join(folder, 'processes.json');
    this.lockFile = join(folder, 'start.lock');
  }

  /** @param {string} name */
  log(name) {
    mkdirSync(this.logFolder, { recursive: true });
    return join(this.logFolder, `${name}.log`);
  }

  /** @returns {Started | undefined} */
  readStarted() {
    return readJson(this.startedFile);
  }

  /** @param {Started} started */
  writeStarted(started) {
    writeJson(this.startedFile, started);
  }

  /** Where the running stack is, as apps read it. @returns {Record<string, string> | undefined} */
  readEnvironment() {
    return readJson(this.stackFile)?.env;
  }

  /** @param {Record<string, string>} env */
  writeEnvironment(env) {
    writeJson(this.stackFile, { env });
  }

  /** Forgets what ran; its data stays. */
  forget() {
    rmSync(this.stackFile, { force: true });
    rmSync(this.startedFile, { force: true });
  }

  /** Deletes all that starts have ever left here; nothing of it may run. */
  wipe() {
    wipeServers(this.folder);
    rmSync(this.logFolder, { recursive: true, force: true });
    rmSync(this.previousLogFolder, { recursive: true, force: true });
    this.forget();
  }

  /** Puts the logs of the last start aside, in place of those of the one before. */
  rotateLogs() {
    if (!existsSync(this.logFolder)) return;
    rmSync(this.previousLogFolder, { recursive: true, force: true });
    renameSync(this.logFolder, this.previousLogFolder);
  }

  /**
   * Lets one command at a time start or stop this stack. The lock of one that died counts for
   * nothing.
   *
   * @param {{ waitMs?: number }} [options] how long to wait for another one
   * @returns {Promise<() => void>} gives it back
   * @throws {StackError} where another command keeps it
   */
  async lock({ waitMs = 0 } = {}) {
    mkdirSync(this.folder, { recursive: true });
    const deadline = Date.now() + waitMs;
    for (;;) {
      try {
        const owner = { pid: process.pid, identity: identify(process.pid) };
        writeFileSync(this.lockFile, JSON.stringify(owner), { flag: 'wx' });
        return () => rmSync(this.lockFile, { force: true });
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      const owner = this.lockOwner();
      if (owner === undefined) {
        rmSync(this.lockFile, { force: true });
      } else if (Date.now() >= deadline) {
        throw new StackError(`Process ${owner.pid} is starting or stopping the stack right now`, {
          remedy: 'Wait until it is done.',
        });
      } else {
        await delay(100);
      }
    }
  }

  /** The live process that starts or stops the stack at the moment. */
  lockOwner() {
    const owner = readJson(this.lockFile);
    return owner && isAlive(owner) ? owner : undefined;
  }
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {unknown} value
 */
function writeJson(file, value) {
  const next = `${file}.next`;
  writeFileSync(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, file);
}
