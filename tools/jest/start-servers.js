/**
 * Jest's global set-up of integration tests: takes the servers of the whole run where `npm test`
 * started some, else starts its own on free ports in a temporary folder.
 */
module.exports = async function startServers() {
  if (process.env.ASKFLASH_TEST_SERVERS) return;
  const { startTestServers } = await import('../dev-stack/test-servers.mjs');
  const servers = await startTestServers();
  process.env.ASKFLASH_TEST_SERVERS = servers.file;
  globalThis.askflashTestServers = servers;
};
