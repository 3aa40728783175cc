import './support/node-version.mjs';
import { LocalFolder } from './stack/local.mjs';
import { installPackages } from './stack/packages.mjs';
import { runBench } from './stack/run-bench.mjs';
import { needTestServers } from './stack/test-servers.mjs';
import { sayError } from './support/progress.mjs';

/* `npm run bench`: measures on servers of its own, on a machine that has nothing but Node. */
try {
  const local = new LocalFolder();
  await installPackages({ logFile: local.log('npm-ci') });
  await needTestServers(local);
  process.exitCode = await runBench(local, process.argv.slice(2));
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}
