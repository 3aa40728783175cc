const { rmSync } = require('node:fs');

/** Jest's global tear-down: removes the run's temporary folder, with all that its tests left there. */
module.exports = async function removeTemporaryFolder() {
  rmSync(globalThis.askflashTemporaryFolder, { recursive: true, force: true, maxRetries: 5 });
};
