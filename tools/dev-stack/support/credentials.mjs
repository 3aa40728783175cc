import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StackError } from './errors.mjs';
import { workspaceRoot } from './workspace.mjs';

/**
 * @typedef {object} Credentials
 * @property {{ user: string, password: string, database: string }} postgres
 * @property {{ password: string }} redis
 * @property {{ user: string, password: string }} rabbitmq
 */

/** The file that credentials come from: `.env`, or the example where there is none. */
export function credentialsFile() {
  const own = join(workspaceRoot, '.env');
  return existsSync(own) ? own : join(workspaceRoot, '.env.example');
}

/**
 * The credentials of the servers that the stack starts.
 *
 * @returns {Credentials}
 * @throws {StackError} where the file lacks one
 */
export function readCredentials(file = credentialsFile()) {
  const variables = parse(readFileSync(file, 'utf8'));
  /** @param {string} name */
  const get = (name) => {
    const value = variables.get(name);
    if (value) return value;
    throw new StackError(`${file} does not set ${name}`, {
      remedy: 'Add it as .env.example has it.',
    });
  };
  return {
    postgres: {
      user: get('POSTGRES_USER'),
      password: get('POSTGRES_PASSWORD'),
      database: get('POSTGRES_DB'),
    },
    redis: { password: get('REDIS_PASSWORD') },
    rabbitmq: { user: get('RABBITMQ_USER'), password: get('RABBITMQ_PASS') },
  };
}

/**
 * @param {string} text lines of NAME=value, as `docker compose` reads them
 * @returns {Map<string, string>}
 */
function parse(text) {
  const lines = text.split('\n').map((line) => /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line));
  return new Map(
    lines.flatMap((match) =>
      match ? [[match[1] ?? '', (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2')]] : [],
    ),
  );
}
