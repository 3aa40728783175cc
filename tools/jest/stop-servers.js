/** Jest's global tear-down of integration tests: stops what the set-up started. */
module.exports = async function stopServers() {
  await globalThis.askflashTestServers?.stop();
};
