import { spawnSync } from 'node:child_process';
import { step } from '../support/progress.mjs';
import { StackError } from '../support/errors.mjs';
import { canInstall, installDebianPackages } from './apt.mjs';

/** Debian's own Python first: one that comes first in PATH may not see Debian's packages. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

/**
 * Sees that a Python has pika, RabbitMQ's client, for the test of the example agent.
 *
 * @param {import('./local.mjs').LocalFolder} local
 */
export async function needPika(local) {
  if (PYTHONS.some(hasPika)) return;
  if (!canInstall()) {
    throw new StackError('The example agent needs Python 3 with pika, which cannot be found here', {
      remedy: 'Install it, for example: python3 -m pip install pika',
    });
  }
  const logFile = local.log('apt-get');
  await step(
    'Installing python3-pika (apt-get)',
    () => installDebianPackages(['python3-pika'], { logFile }),
    { logFile },
  );
}

/** @param {string} python */
function hasPika(python) {
  return spawnSync(python, ['-c', 'import pika'], { stdio: 'ignore' }).status === 0;
}
