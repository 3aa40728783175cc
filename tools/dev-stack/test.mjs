import './support/node-version.mjs';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { missingServers } from './servers/native.mjs';
import { canInstall } from './stack/apt.mjs';
import { markBuilt, sourcesHash } from './stack/build.mjs';
import { LocalFolder } from './stack/local.mjs';
import { runTargets } from './stack/nx.mjs';
import { offerTestServers } from './stack/offered-test-servers.mjs';
import { installPackages } from './stack/packages.mjs';
import { installMissing } from './stack/servers.mjs';
import { addUp } from './stack/test-counts.mjs';
import { needTestTools } from './stack/test-tools.mjs';
import { StackError } from './support/errors.mjs';
import { sayError } from './support/progress.mjs';
import { workspaceRoot } from './support/workspace.mjs';

const RESULTS = join(workspaceRoot, 'test-results');

try {
  process.exitCode = await main();
} catch (error) {
  sayError(error);
  process.stdout.write('0 passed, 1 failed\n');
  process.exitCode = 1;
}

/**
 * Everything that CI checks, on a machine that has nothing but Node; with the argument `long` what
 * takes minutes and CI checks by night. Its last line is the sum.
 */
async function main() {
  const local = new LocalFolder();
  await installPackages({ logFile: local.log('npm-ci') });
  await needServers(local);
  await needTestTools(local);
  // Nx puts back the counts of whatever it has in its cache; no others are to be added up.
  rmSync(RESULTS, { recursive: true, force: true });

  const isLong = process.argv[2] === 'long';
  const failed = isLong ? await runOnServers(['long']) : await runEverything();
  const total = addUp(RESULTS, failed);
  if (failed.length > 0) {
    const names = failed.map(({ project, target }) => `${project}:${target}`);
    process.stdout.write(`\nFailed: ${names.join(', ')}\n`);
  }
  if (total.skipped > 0) process.stdout.write(`${total.skipped} skipped\n`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
}

async function runEverything() {
  const sources = sourcesHash();
  const failed = await runTargets(['lint', 'typecheck', 'build', 'test']);
  if (!failed.some(({ target }) => target.includes('build'))) markBuilt(sources);
  return [...failed, ...(await runOnServers(['integration', 'e2e']))];
}

/** @param {string[]} targets */
async function runOnServers(targets) {
  const servers = offerTestServers();
  try {
    return await runTargets(targets, { ASKFLASH_TEST_SERVERS: servers.file });
  } finally {
    await servers.stop();
  }
}

/** @param {LocalFolder} local */
async function needServers(local) {
  const missing = missingServers();
  if (missing.length === 0) return;
  if (!canInstall()) {
    const titles = missing.map(({ title }) => title).join(', ');
    throw new StackError(`The tests need servers of their own: ${titles} cannot be found here`, {
      remedy: 'Install them, for example: brew install postgresql@15 redis rabbitmq',
    });
  }
  await installMissing(local);
}
