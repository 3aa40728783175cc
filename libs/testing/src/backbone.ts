import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase } from './database';
import { createTestKeyPrefix } from './key-prefix';
import { testServers, type TestServers } from './servers';
import { createTestVhost } from './vhost';
import { WORKSPACE_ROOT } from './workspace-root';

const run = promisify(execFile);

/** A whole backbone of one suite's own: migrated database, declared topology, key prefix. */
export interface TestBackbone {
  readonly env: TestServers & { readonly REDIS_KEY_PREFIX: string };
  /** Removes all of it. */
  remove(): Promise<void>;
}

/**
 * Makes a backbone as its users do: `migration-runner up` and `queue-init apply`, as built. A project
 * that uses it lets its `integration` target depend on the builds of the two.
 */
export async function createTestBackbone(): Promise<TestBackbone> {
  const [database, vhost] = await Promise.all([createTestDatabase(), createTestVhost()]);
  const keys = createTestKeyPrefix();
  const env = {
    ...testServers(),
    DATABASE_URL: database.url,
    RABBITMQ_URL: vhost.url,
    REDIS_KEY_PREFIX: keys.prefix,
  };
  await installBackbone(env);
  return {
    env,
    remove: async () => {
      await Promise.all([database.drop(), vhost.delete(), keys.clear()]);
    },
  };
}

/** `migration-runner up` and `queue-init apply` on servers that are there. */
export async function installBackbone(env: TestServers): Promise<void> {
  await Promise.all([runJob('migration-runner', 'up', env), runJob('queue-init', 'apply', env)]);
}

async function runJob(app: string, command: string, env: TestServers): Promise<void> {
  await run(process.execPath, [`dist/apps/${app}/main.js`, command], {
    cwd: WORKSPACE_ROOT,
    env: { ...process.env, ...env, LOG_LEVEL: 'warn', ASKFLASH_STACK_FILE: '' },
  });
}
