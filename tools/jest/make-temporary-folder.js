const { chmodSync, mkdtempSync, realpathSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/**
 * Jest's global set-up of unit and e2e tests: gives a run a temporary folder of its own, so that it
 * leaves nothing in that of the machine.
 */
module.exports = async function makeTemporaryFolder() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'askflash-jest-')));
  // The user that PostgreSQL runs as may pass through.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  globalThis.askflashTemporaryFolder = folder;
};
