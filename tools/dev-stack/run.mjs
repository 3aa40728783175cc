import './support/node-version.mjs';
import { join } from 'node:path';
import { COMMANDS, stackOfCommand } from './stack/apps.mjs';
import { build } from './stack/build.mjs';
import { LocalFolder } from './stack/local.mjs';
import { installPackages } from './stack/packages.mjs';
import { runHere } from './support/command.mjs';
import { StackError } from './support/errors.mjs';
import { sayError } from './support/progress.mjs';
import { workspaceRoot } from './support/workspace.mjs';

/** Exit code where a server cannot be reached, as of all commands of the backbone. */
const UNAVAILABLE = 69;

/** Whoever sets one of these has a stack elsewhere. */
const SERVER_VARIABLES = ['DATABASE_URL', 'COORDINATOR_URL', 'RABBITMQ_URL'];

try {
  process.exitCode = await main();
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}

/** Runs a tool or a job on the running stack: `run.mjs <name> [its arguments]`. */
async function main() {
  const [name = '', ...args] = process.argv.slice(2);
  const folder = COMMANDS.get(name);
  if (!folder) throw new StackError(`Usage: run.mjs ${[...COMMANDS.keys()].join('|')} …`);
  const local = new LocalFolder();
  const env = local.readEnvironment();
  if (!env && !SERVER_VARIABLES.some((name) => process.env[name])) {
    sayError(new StackError('No stack runs.', { remedy: 'Start it with `npm start`.' }));
    return UNAVAILABLE;
  }
  await installPackages({ logFile: local.log('npm-ci') });
  // A conformance run starts an agent, whichever it is.
  const only = name === 'conformance' ? undefined : name;
  await build({ logFile: local.log('build'), only });
  return runHere(
    process.execPath,
    ['--enable-source-maps', join(workspaceRoot, `dist/${folder}/main.js`), ...args],
    { env: { ...(env && stackOfCommand(name, env)), ...process.env, ASKFLASH_STACK_FILE: '' } },
  );
}
