import { spawnSync } from 'node:child_process';
import { findFolder, pathFolders } from '../support/binaries.mjs';
import { StackError } from '../support/errors.mjs';
import { step } from '../support/progress.mjs';
import { canInstall, installDebianPackages } from './apt.mjs';

/** Debian's own Python first: one that comes first in PATH may not see Debian's packages. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

/** Chromium, by whatever name it is installed. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * What only tests need, with the Debian package that brings it.
 *
 * @type {{ title: string, package: string, isThere: () => boolean, remedy: string }[]}
 */
const TOOLS = [
  {
    title: 'Python 3 with pika, for the example agent',
    package: 'python3-pika',
    isThere: () => PYTHONS.some(hasPika),
    remedy: 'python3 -m pip install pika',
  },
  {
    title: 'Prometheus, for its rules and dashboard',
    package: 'prometheus',
    isThere: () => findFolder(pathFolders(), ['prometheus', 'promtool']) !== undefined,
    remedy: 'brew install prometheus',
  },
  {
    title: 'OpenSSL, for certificates',
    package: 'openssl',
    isThere: () => findFolder(pathFolders(), ['openssl']) !== undefined,
    remedy: 'brew install openssl',
  },
  {
    title: 'Chromium, for the status page',
    package: 'chromium',
    isThere: () => BROWSERS.some((name) => findFolder(pathFolders(), [name]) !== undefined),
    remedy: 'brew install --cask chromium',
  },
];

/**
 * Sees that what only tests need is there.
 *
 * @param {import('./local.mjs').LocalFolder} local
 */
export async function needTestTools(local) {
  const missing = TOOLS.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  if (!canInstall()) {
    const titles = missing.map(({ title }) => title).join('; ');
    throw new StackError(`The tests need what cannot be found here: ${titles}`, {
      remedy: `Install it, for example: ${missing.map(({ remedy }) => remedy).join('; ')}`,
    });
  }
  const packages = missing.map((tool) => tool.package);
  const logFile = local.log('apt-get');
  await step(
    `Installing ${packages.join(', ')} (apt-get)`,
    () => installDebianPackages(packages, { logFile }),
    { logFile },
  );
}

/** @param {string} python */
function hasPika(python) {
  return spawnSync(python, ['-c', 'import pika'], { stdio: 'ignore' }).status === 0;
}
