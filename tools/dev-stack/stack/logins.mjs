import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sendToRedis } from '../servers/redis-commands.mjs';
import { StackError } from '../support/errors.mjs';
import { workspaceRoot } from '../support/workspace.mjs';

/** What the servers are reached by; with the administrators' logins where the stack started them. */
const URLS = ['DATABASE_URL', 'REDIS_URL', 'RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL'];

/** The virtual host of a stack's own; `queue-init` makes it. */
const VHOST = '/askflash';

/** Each app's user in Redis, `user <name> on >PASSWORD …`: the list of all apps that log in. */
function redisUsers() {
  const text = readFileSync(join(workspaceRoot, 'infrastructure/redis/users.conf'), 'utf8');
  return new Map(
    [...text.matchAll(/^user (\S+) (.+)$/gm)].map(([, name = '', rules = '']) => [name, rules]),
  );
}

/**
 * Servers that belong to the stack alone, with new logins for all apps: the password of one is never
 * older than the processes that have it.
 *
 * @param {Record<string, string>} servers where they are, with the administrators' logins
 * @returns {Record<string, string>}
 */
export function withLogins(servers) {
  const names = [...redisUsers().keys(), 'analytics'];
  const logins = names.map((name) => `${name}:${randomBytes(24).toString('hex')}`);
  const rabbitmq = new URL(servers['RABBITMQ_URL'] ?? '');
  rabbitmq.pathname = VHOST;
  return { ...servers, RABBITMQ_URL: rabbitmq.href, APP_LOGINS: logins.join('\n') };
}

/**
 * The same for a stack that runs; one with servers from elsewhere stays as it is.
 *
 * @param {Record<string, string>} stack
 */
export const renewLogins = (stack) => (stack['APP_LOGINS'] ? withLogins(stack) : stack);

/**
 * Lets every app log in to Redis, with what it needs and no more. The jobs do so at the others.
 *
 * @param {Record<string, string>} stack
 */
export async function letIntoRedis(stack) {
  const users = redisUsers();
  const commands = loginsOf(stack).flatMap(([name, password]) => {
    const rules = users.get(name)?.replace('>PASSWORD', `>${password}`).split(' ');
    return rules ? [['ACL', 'SETUSER', name, 'reset', ...rules]] : [];
  });
  await sendToRedis(stack['REDIS_URL'] ?? '', commands);
}

/**
 * What one app is told of the stack: where the servers are, and its own login alone.
 *
 * @param {string} name
 * @param {Record<string, string>} stack
 * @returns {Record<string, string>}
 * @throws {StackError} where the app has no login
 */
export function stackOf(name, stack) {
  const { APP_LOGINS, ...env } = stack;
  if (APP_LOGINS === undefined) return env;
  const password = new Map(loginsOf(stack)).get(name);
  if (password === undefined) {
    throw new StackError(`${name} may not log in to the servers: it is not known`, {
      remedy: 'Run `npm run docs`, which lists it in infrastructure/redis/users.conf.',
    });
  }
  const bare = URLS.flatMap((variable) => {
    const url = new URL(env[variable] ?? '');
    [url.username, url.password] = ['', ''];
    return [[variable, url.href]];
  });
  return { ...env, ...Object.fromEntries(bare), APP_LOGIN: `${name}:${password}` };
}

/**
 * @param {Record<string, string>} stack
 * @returns {[string, string][]}
 */
function loginsOf(stack) {
  const lines = stack['APP_LOGINS']?.split('\n') ?? [];
  return lines.map((line) => {
    const [name = '', password = ''] = line.split(':');
    return [name, password];
  });
}
