import './support/node-version.mjs';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LocalFolder } from './stack/local.mjs';
import { stopStack } from './stack/stop-stack.mjs';
import { stopProcess } from './support/processes.mjs';
import { sayError, step } from './support/progress.mjs';

const USAGE = `npm stop [-- --wipe]

Ends what \`npm start\` started, and nothing else.

  --wipe   delete its data and logs too`;

try {
  await main();
} catch (error) {
  sayError(error);
  process.exitCode = 1;
}

async function main() {
  const { values } = parseArgs({
    options: {
      wipe: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const local = new LocalFolder();
  if (!existsSync(local.folder)) return print('Nothing runs, and there is no data.');
  // A start that is under way ends what it has started before it goes.
  const starter = local.lockOwner();
  if (starter) {
    await stopProcess({ ...starter, name: 'npm start', signal: 'SIGINT', graceMs: 120_000 });
  }
  const unlock = await local.lock({ waitMs: 60_000 });
  try {
    const isRunning = local.readStarted() !== undefined;
    const stop = () => stopStack(local, { wipe: values.wipe });
    const names = isRunning ? await step('Stopping the stack', stop) : await stop();
    print(names.length > 0 ? `Stopped: ${names.join(', ')}.` : 'Nothing runs.');
    if (values.wipe) print('Its data is deleted.');
  } finally {
    unlock();
  }
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}
