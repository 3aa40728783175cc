import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServers } from '../test-servers.mjs';

/**
 * Offers one set of test servers to all test processes of a run, and starts it when the first of
 * them asks: a run whose results are all cached needs none. `file` is what ASKFLASH_TEST_SERVERS
 * names; whoever finds it missing writes `<file>.wanted` and waits for it, or for `<file>.failed`
 * (see tools/jest/start-servers.js).
 */
export function offerTestServers() {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-tests-'));
  const file = join(folder, 'servers.json');
  /** @type {Promise<void> | undefined} */
  let serving;
  let stop = async () => {};
  const serve = async () => {
    try {
      const servers = await startTestServers();
      stop = servers.stop;
      writeFileSync(file, JSON.stringify({ env: servers.env }), { mode: 0o600 });
    } catch (error) {
      writeFileSync(`${file}.failed`, error instanceof Error ? error.message : String(error));
    }
  };
  const watch = setInterval(() => {
    if (existsSync(`${file}.wanted`)) serving ??= serve();
  }, 100);
  return {
    file,
    /** Ends them, where they were ever started. */
    stop: async () => {
      clearInterval(watch);
      await serving;
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
