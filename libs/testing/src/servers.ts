import { readFileSync } from 'node:fs';

/** The real servers that integration tests share; each suite takes its own corner of them. */
export interface TestServers {
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
  readonly RABBITMQ_URL: string;
  readonly RABBITMQ_MANAGEMENT_URL: string;
}

/**
 * Where the servers of this test run are: `ASKFLASH_TEST_SERVERS` names the file that says so, in
 * the form of `.local/stack.json`. `npm test` sets it for the whole run; a project tested on its
 * own gets servers of its own from Jest's global set-up.
 *
 * @throws {Error} where no set-up has run
 */
export function testServers(): TestServers {
  const path = process.env['ASKFLASH_TEST_SERVERS'];
  if (!path) {
    throw new Error('No test servers: run this spec through `nx run <project>:integration`.');
  }
  const { env }: { env: TestServers } = JSON.parse(readFileSync(path, 'utf8'));
  return env;
}
