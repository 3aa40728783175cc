import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError, hasCode } from './errors.mjs';

/**
 * A process that was started, told so that another process can stop it later and can never mean a
 * stranger that got the same pid.
 *
 * @typedef {object} ProcessRecord
 * @property {string} name for people: `Redis`
 * @property {number} pid
 * @property {string} identity boot and start time of the process
 * @property {NodeJS.Signals} signal what ends it in an orderly way
 * @property {number} graceMs how long that may take before it is killed
 * @property {string} [url] of its HTTP API, where it has one
 */

/**
 * Called with each process right after its start, before anything else can go wrong.
 *
 * @typedef {(record: ProcessRecord) => void} OnProcess
 */

/**
 * What tells a live process from every other that had or will have its pid; undefined where none
 * lives.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function identify(pid) {
  try {
    return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function identifyByProc(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command, in brackets, may hold anything; behind it: state is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isDead = fields[0] === 'Z' || fields[0] === 'X';
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return isDead ? undefined : `${boot} ${fields[19]}`;
}

/** @param {number} pid */
function identifyByPs(pid) {
  const output = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  }).trim();
  const [state = '', ...start] = output.split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : start.join(' ');
}

/** @param {Pick<ProcessRecord, 'pid' | 'identity'>} record */
export function isAlive({ pid, identity }) {
  return identify(pid) === identity;
}

/**
 * Starts a process in a group of its own, with its output in a log file, that outlives this one.
 *
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {NodeJS.ProcessEnv} options.env the whole of it
 * @param {string} [options.cwd]
 * @param {{ uid: number, gid: number }} [options.user] another one than ours
 * @param {string} options.logFile
 * @param {NodeJS.Signals} [options.signal]
 * @param {number} [options.graceMs]
 * @param {OnProcess} options.onProcess
 * @returns {Promise<ProcessRecord>}
 * @throws {StackError} where it cannot be run at all
 */
export async function startProcess(options) {
  const { name, command, args, env, cwd, user, logFile, onProcess } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log],
    ...user,
  });
  closeSync(log);
  await new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', (cause) =>
      reject(new StackError(`${name} cannot be started: ${cause.message}`, { cause })),
    );
  });
  child.unref();
  const pid = /** @type {number} */ (child.pid);
  const record = {
    name,
    pid,
    identity: identify(pid) ?? 'died at once',
    signal: options.signal ?? 'SIGTERM',
    graceMs: options.graceMs ?? 20_000,
  };
  onProcess(record);
  return record;
}

/**
 * Ends a process, in an orderly way first, and waits until it is gone. One that is gone already is
 * none.
 *
 * @param {ProcessRecord} record
 * @param {{ kill?: boolean }} [options] `kill`: at once, for data that nobody needs
 */
export async function stopProcess(record, { kill = false } = {}) {
  if (!kill) {
    send(record, record.pid, record.signal);
    if (await isGone(record, record.graceMs)) return;
  }
  send(record, -record.pid, 'SIGKILL');
  if (!(await isGone(record, 10_000))) {
    throw new StackError(`${record.name} (process ${record.pid}) does not end`);
  }
}

/**
 * @param {ProcessRecord} record
 * @param {number} target the process, or (negative) its group
 * @param {NodeJS.Signals} signal
 */
function send(record, target, signal) {
  if (!isAlive(record)) return;
  try {
    process.kill(target, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}

/**
 * @param {ProcessRecord} record
 * @param {number} timeoutMs
 */
async function isGone(record, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (isAlive(record)) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}
