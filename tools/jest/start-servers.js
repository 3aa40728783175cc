const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { setTimeout: delay } = require('node:timers/promises');

/**
 * Jest's global set-up of integration tests: takes the servers that `npm test` offers to the whole
 * run, else starts its own on free ports in a temporary folder.
 */
module.exports = async function startServers() {
  const offered = process.env.ASKFLASH_TEST_SERVERS;
  if (offered) return take(offered);
  const { startTestServers } = await import('../dev-stack/test-servers.mjs');
  const servers = await startTestServers();
  process.env.ASKFLASH_TEST_SERVERS = servers.file;
  globalThis.askflashTestServers = servers;
};

/** Asks for the servers that a file stands for, where nobody has yet, and waits until it is there. */
async function take(file) {
  if (existsSync(file)) return;
  writeFileSync(`${file}.wanted`, '');
  const deadline = Date.now() + 180_000;
  while (!existsSync(file)) {
    if (existsSync(`${file}.failed`)) throw new Error(readFileSync(`${file}.failed`, 'utf8'));
    if (Date.now() > deadline) throw new Error(`Nobody serves ${file}`);
    await delay(100);
  }
}
