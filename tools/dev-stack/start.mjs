import './support/node-version.mjs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { appEnvironment, stackOfCommand } from './stack/apps.mjs';
import { LocalFolder } from './stack/local.mjs';
import { screen } from './stack/screen.mjs';
import { findRunning, renewApps, startStack } from './stack/start-stack.mjs';
import { stopStack } from './stack/stop-stack.mjs';
import { runHere } from './support/command.mjs';
import { isAlive } from './support/processes.mjs';
import { say, sayError } from './support/progress.mjs';
import { lastLines } from './support/ready.mjs';
import { workspaceRoot } from './support/workspace.mjs';

const USAGE = `npm start [-- --detach] [-- --docker]

Brings the whole stack up, checks it and keeps it up until Ctrl-C. Where it runs already and the
sources have changed, its apps start anew, new agents among them.

  --detach   come back when it is up; \`npm stop\` ends it. Exit code 0 only where the check passed
  --docker   run PostgreSQL, Redis and RabbitMQ as containers, and not otherwise

ASKFLASH_LOCAL_DIR names another folder than .local for data and logs; ASKFLASH_PORTS=free leaves the
standard ports alone.`;

const local = new LocalFolder();
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => interruption.abort());
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!interruption.signal.aborted) sayError(error);
  process.exitCode = interruption.signal.aborted ? 130 : 1;
}

async function main() {
  const { values } = parseArgs({
    options: {
      detach: { type: 'boolean', default: false },
      docker: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return print(USAGE);
  const unlock = await local.lock();
  /** @type {number} */
  let verified;
  try {
    const running = findRunning(local);
    if (running?.current) {
      return print(`The stack runs already.\n\n${screen(running.env, local)}`);
    }
    const standardPorts = process.env['ASKFLASH_PORTS'] !== 'free';
    const options = { standardPorts, signal: interruption.signal };
    if (running) {
      const renewed = await renewApps(local, running.env, options);
      print(`\n${screen(renewed, local)}`);
      return 0;
    }
    const env = await startStack(local, { docker: values.docker, ...options });
    verified = await verify(env);
    print(`\n${screen(env, local)}`);
  } finally {
    unlock();
  }
  if (verified !== 0) say('\nThe stack is up, but the check above failed.');
  return values.detach && !interruption.signal.aborted ? verified : keepUp();
}

/** @param {Record<string, string>} env */
function verify(env) {
  say('');
  return runHere(process.execPath, [join(workspaceRoot, 'dist/tools/verify/main.js')], {
    env: { ...appEnvironment(stackOfCommand('verify', env)), TERM: process.env['TERM'] },
  });
}

/** Stays until Ctrl-C, then ends the stack; says so where a part of it ends by itself. */
async function keepUp() {
  say('\nCtrl-C stops it.');
  /** @type {Set<string>} */
  const told = new Set();
  while (!interruption.signal.aborted) {
    const started = local.readStarted();
    if (!started) {
      say('The stack was stopped.');
      return 0;
    }
    for (const record of started.processes) {
      if (isAlive(record) || told.has(record.name) || local.lockOwner()) continue;
      told.add(record.name);
      const file = local.log(record.name);
      say(`\n${record.name} has ended. The end of ${file}:\n${lastLines(file).join('\n')}`);
    }
    await delay(1000, undefined, { signal: interruption.signal }).catch(() => undefined);
  }
  say('\nStopping …');
  const unlock = await local.lock({ waitMs: 60_000 });
  try {
    await stopStack(local);
  } finally {
    unlock();
  }
  return 0;
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
  return 0;
}
