import './support/node-version.mjs';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { markBuilt, sourcesHash } from './stack/build.mjs';
import { LocalFolder } from './stack/local.mjs';
import { runTargets } from './stack/nx.mjs';
import { offerTestServers } from './stack/offered-test-servers.mjs';
import { installPackages } from './stack/packages.mjs';
import { runBench } from './stack/run-bench.mjs';
import { addUp, describeFailure } from './stack/test-counts.mjs';
import { needTestServers } from './stack/test-servers.mjs';
import { needTestTools } from './stack/test-tools.mjs';
import { sayError } from './support/progress.mjs';
import { workspaceRoot } from './support/workspace.mjs';

const RESULTS = join(workspaceRoot, 'test-results');
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => interruption.abort());
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!interruption.signal.aborted) sayError(error);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}

/**
 * Everything that CI checks, on a machine that has nothing but Node; with the argument `long` what
 * takes minutes and CI checks by night. Its last line is the sum.
 */
async function main() {
  const local = new LocalFolder();
  await installPackages({ logFile: local.log('npm-ci'), signal: interruption.signal });
  await needTestServers(local);
  await needTestTools(local);
  // Nx puts back the counts of whatever it has in its cache; no others are to be added up.
  rmSync(RESULTS, { recursive: true, force: true });

  const isLong = process.argv[2] === 'long';
  const failed = isLong ? await runOnServers(['long']) : await runEverything(local);
  const total = addUp(RESULTS, failed);
  for (const failure of total.failures) process.stdout.write(`\n${describeFailure(failure)}\n`);
  if (failed.length > 0) {
    const names = failed.map(({ project, target }) => `${project}:${target}`);
    process.stdout.write(`\nFailed: ${names.join(', ')}\n`);
  }
  if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
}

/** @param {LocalFolder} local */
async function runEverything(local) {
  const sources = sourcesHash();
  const failed = await runTargets(['build'], { signal: interruption.signal });
  if (failed.length === 0) markBuilt(sources);
  // What waits for servers and what keeps a processor busy, at once.
  failed.push(...(await runOnServers(['lint-all', 'typecheck-all', 'test', 'integration', 'e2e'])));
  // Alone and last: what else ran would be measured with it.
  const code = await runBench(local, ['--quick'], interruption.signal);
  return code === 0 ? failed : [...failed, { project: 'bench', target: 'quick' }];
}

/** @param {string[]} targets */
async function runOnServers(targets) {
  const servers = offerTestServers();
  try {
    return await runTargets(targets, {
      env: { ASKFLASH_TEST_SERVERS: servers.file },
      parallel: availableParallelism() + 1,
      signal: interruption.signal,
    });
  } finally {
    await servers.stop();
  }
}
