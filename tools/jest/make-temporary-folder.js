const { chmodSync, mkdtempSync, realpathSync, rmSync } = require('node:fs');
const { constants, tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Jest's global set-up of unit and e2e tests: gives a run a temporary folder of its own, which goes
 * with it, so that it leaves nothing in that of the machine; also where it is told to stop.
 */
module.exports = async function makeTemporaryFolder() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-jest-')));
  // The user that PostgreSQL runs as may pass through.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
};
