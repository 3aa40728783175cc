import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { runLogged } from '../support/command.mjs';

const LISTS = '/var/lib/apt/lists';

/** Whether this is Debian or one of its kin, and we may install packages without a question. */
export function canInstall() {
  return (
    existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get') && (isRoot() || hasSudo())
  );
}

/**
 * Installs Debian packages, and nothing that they merely recommend.
 *
 * @param {string[]} packages
 * @param {{ logFile: string, signal?: AbortSignal }} options
 */
export async function installDebianPackages(packages, options) {
  const install = () => aptGet(['install', '-y', '--no-install-recommends', ...packages], options);
  if (!hasLists()) {
    await aptGet(['update'], options);
    return install();
  }
  try {
    await install();
  } catch {
    // Old lists name files that the archive no longer has.
    await aptGet(['update'], options);
    await install();
  }
}

/**
 * @param {string[]} args
 * @param {{ logFile: string, signal?: AbortSignal }} options
 */
function aptGet(args, options) {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
  const [program = '', ...rest] = isRoot() ? command : ['sudo', '-n', ...command];
  return runLogged(program, rest, options);
}

function isRoot() {
  return process.getuid?.() === 0;
}

function hasSudo() {
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

function hasLists() {
  return existsSync(LISTS) && readdirSync(LISTS).some((name) => name.includes('_Packages'));
}
