import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The schema of a database as SQL that makes it again, without what changes from one run, or one
 * minor version of pg_dump, to the next.
 */
export async function dumpSchema(url: string): Promise<string> {
  const { username, password, hostname, port, pathname } = new URL(url);
  const { stdout } = await promisify(execFile)(
    findPgDump(),
    ['--schema-only', '--no-owner', '--no-privileges', '--schema=public', pathname.slice(1)],
    {
      env: {
        PGHOST: hostname,
        PGPORT: port || '5432',
        PGUSER: decodeURIComponent(username),
        PGPASSWORD: decodeURIComponent(password),
      },
    },
  );
  return normalise(stdout);
}

/**
 * pg_dump from 15.14 on puts a random word into `\restrict`; its comments and settings name its
 * version; and the schema `public` is there in every database.
 */
export function normalise(dump: string): string {
  const lines = dump
    .split('\n')
    .filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict )/.test(line))
    .filter((line) => !/^(CREATE SCHEMA public;|COMMENT ON SCHEMA public )/.test(line));
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** In PATH, or where Debian puts it: the newest there. */
function findPgDump(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian)
    ? readdirSync(debian).sort((one, other) => Number(other) - Number(one))
    : [];
  const found = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(debian, version, 'bin')),
  ]
    .map((folder) => join(folder, 'pg_dump'))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error('pg_dump is not installed: it comes with PostgreSQL');
  return found;
}
