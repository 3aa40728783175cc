import './support/node-version.mjs';
import { join } from 'node:path';
import { build } from './stack/build.mjs';
import { LocalFolder } from './stack/local.mjs';
import { installPackages } from './stack/packages.mjs';
import { needTestServers } from './stack/test-servers.mjs';
import { runHere } from './support/command.mjs';
import { sayError } from './support/progress.mjs';
import { workspaceRoot } from './support/workspace.mjs';

/* `npm run chaos`: harms servers and apps of its own, on a machine that has nothing but Node. */
try {
  const local = new LocalFolder();
  await installPackages({ logFile: local.log('npm-ci') });
  await needTestServers(local);
  await build({ logFile: local.log('build') });
  const main = join(workspaceRoot, 'dist/tools/chaos/main.js');
  process.exitCode = await runHere(
    process.execPath,
    ['--enable-source-maps', main, ...process.argv.slice(2)],
    { env: { ...process.env, ASKFLASH_STACK_FILE: '' } },
  );
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}
