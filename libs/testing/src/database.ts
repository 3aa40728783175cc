import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { testServers } from './servers';

/** A database of one suite's own. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Ends every session in it and drops it. */
  drop(): Promise<void>;
}

/** Creates an empty database for one suite. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(testServers().DATABASE_URL);
  url.pathname = `/${name}`;
  return { name, url: url.href, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function administer(sql: string): Promise<void> {
  const client = new Client({ connectionString: testServers().DATABASE_URL });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
