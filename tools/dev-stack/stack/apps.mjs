import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment } from '../servers/server.mjs';
import { runLogged } from '../support/command.mjs';
import { StackError } from '../support/errors.mjs';
import { choosePort } from '../support/ports.mjs';
import { startProcess } from '../support/processes.mjs';
import { step } from '../support/progress.mjs';
import { waitUntilReady } from '../support/ready.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { findAgents } from './agents.mjs';
import { letIntoRedis, stackOf } from './logins.mjs';

/** Apps that run to their end before the others, in this order. */
const JOBS = [
  { name: 'queue-init', title: 'Declaring queues (queue-init)', args: ['apply', '--wait', '30'] },
  {
    name: 'migration-runner',
    title: 'Migrating the schema (migration-runner)',
    args: ['up', '--wait', '30'],
  },
];

/** Apps with an HTTP API; each finds its port in one variable, others find the app in another. */
const SERVICES = [
  {
    name: 'health-monitor',
    port: { variable: 'HEALTH_MONITOR_PORT', standard: 8004 },
    url: 'HEALTH_MONITOR_URL',
  },
  {
    name: 'coordinator',
    port: { variable: 'COORDINATOR_PORT', standard: 8003 },
    url: 'COORDINATOR_URL',
  },
];

/** What `run.mjs` runs on the stack, by its name: the folder of each. */
export const COMMANDS = new Map([
  ...['verify', 'ask', 'conformance'].map((name) => /** @type {const} */ ([name, `tools/${name}`])),
  ...JOBS.map(({ name }) => /** @type {const} */ ([name, `apps/${name}`])),
]);

/**
 * What a command of `run.mjs` is told of the stack: jobs all of it, conformance what it needs to make
 * a virtual host of its own, the others no more than their own login.
 *
 * @param {string} name
 * @param {Record<string, string>} stack
 * @returns {Record<string, string>}
 */
export function stackOfCommand(name, stack) {
  if (JOBS.some((job) => job.name === name)) return stack;
  if (name === 'verify') return stackOf(name, stack);
  return Object.fromEntries(Object.entries(stack).filter(([name]) => name !== 'APP_LOGINS'));
}

/** The entry point of every app and tool that the stack runs, as the build makes it. */
export function builtApps() {
  const services = SERVICES.map(({ name }) => `apps/${name}`);
  const agents = findAgents().map(({ folder }) => folder);
  return [...COMMANDS.values(), ...services, ...agents].map((folder) => `dist/${folder}/main.js`);
}

/** @param {string} folder */
function mainOf(folder) {
  const main = join(workspaceRoot, 'dist', folder, 'main.js');
  if (existsSync(main)) return main;
  throw new StackError(`${folder} is not built: ${main} is missing`, {
    remedy: 'Run `npx nx run-many -t build`, and see what it says.',
  });
}

/**
 * The environment of an app: where the stack is, and what a user may want to set besides.
 *
 * @param {Record<string, string>} stack
 * @returns {NodeJS.ProcessEnv}
 */
export function appEnvironment(stack) {
  const settings =
    /^(ALLOW_PLAIN_TEXT|KNOWLEDGE_DIR|LOG_LEVEL|NODE_EXTRA_CA_CERTS|RETENTION_DAYS|SEARXNG_URL|(AGENT|BRAVE|COORDINATOR|HEALTH_MONITOR|LLM|MODERATOR|OTEL|QDRANT)_\w+)$/;
  const own = Object.entries(process.env).filter(([name]) => settings.test(name));
  return {
    ...bareEnvironment(),
    ...Object.fromEntries(own),
    ...stack,
    // All that there is stands here: no other stack's file is read.
    ASKFLASH_STACK_FILE: '',
  };
}

/**
 * Lets apps in, runs the jobs, starts services and agents and waits until every one says that it is ready.
 *
 * @param {object} options
 * @param {Record<string, string>} options.env where the servers are, and the services' last ports
 * @param {import('./local.mjs').LocalFolder} options.local
 * @param {import('../support/processes.mjs').OnProcess} options.onProcess
 * @param {boolean} options.standardPorts
 * @param {AbortSignal} options.signal
 * @returns {Promise<Record<string, string>>} where servers and services are
 */
export async function startApps({ env, local, onProcess, standardPorts, signal }) {
  if (env['APP_LOGINS']) await letIntoRedis(env);
  for (const { name, title, args } of JOBS) {
    const logFile = local.log(name);
    await step(title, () =>
      runLogged(process.execPath, [mainOf(`apps/${name}`), ...args], {
        logFile,
        signal,
        env: appEnvironment(env),
      }),
    );
  }
  /** @type {Record<string, string>} */
  const urls = {};
  for (const { port, url } of SERVICES) {
    const before = env[url] ? Number(new URL(env[url]).port) : undefined;
    const chosen = await choosePort(before ?? (standardPorts ? port.standard : undefined));
    urls[url] = `http://127.0.0.1:${chosen}`;
  }
  const stack = { ...env, ...urls };
  const publicUrls = {
    COORDINATOR_PUBLIC_URL: urls['COORDINATOR_URL'],
    HEALTH_MONITOR_PUBLIC_URL: urls['HEALTH_MONITOR_URL'],
  };
  /** @param {string} name @param {string} folder @param {string} url @param {string} variable */
  const start = async (name, folder, url, variable) => {
    const record = await startProcess({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', mainOf(folder)],
      env: {
        ...publicUrls,
        ...appEnvironment(stackOf(name, stack)),
        [variable]: new URL(url).port,
      },
      cwd: workspaceRoot,
      logFile: local.log(name),
      graceMs: 25_000,
      onProcess: (started) => onProcess({ ...started, url }),
    });
    await waitFor(record, `${url}/health/live`, local.log(name), 60_000);
    return { record, url };
  };

  const services = await step('Starting health-monitor and coordinator', () =>
    Promise.all(
      SERVICES.map(({ name, url, port }) =>
        start(name, `apps/${name}`, urls[url] ?? '', port.variable),
      ),
    ),
  );
  const projects = findAgents();
  const agents = await step(`Starting ${projects.map(({ name }) => name).join(', ')}`, () =>
    Promise.all(
      projects.map(async ({ name, folder }) =>
        start(name, folder, `http://127.0.0.1:${await choosePort()}`, 'AGENT_PORT'),
      ),
    ),
  );
  await step('Waiting until all of it is ready', () =>
    Promise.all(
      [...services, ...agents].map(({ record, url }) =>
        waitFor(record, `${url}/health/ready`, local.log(record.name), 60_000),
      ),
    ),
  );
  return stack;
}

/**
 * @param {import('../support/processes.mjs').ProcessRecord} record
 * @param {string} url
 * @param {string} logFile
 * @param {number} deadlineMs
 */
async function waitFor(record, url, logFile, deadlineMs) {
  let answer = '';
  const probe = async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    answer = `${response.status} ${await response.text()}`;
    return response.ok;
  };
  try {
    await waitUntilReady(record, { probe, deadlineMs, logFile });
  } catch (error) {
    if (error instanceof Error && answer) error.message += `\n${url} said: ${answer}`;
    throw error;
  }
}
