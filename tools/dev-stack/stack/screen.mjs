import { credentialsFile } from '../support/credentials.mjs';
import { findAgents } from './agents.mjs';

/**
 * The closing screen: what runs where, and what to do next.
 *
 * @param {Record<string, string>} env where the stack is
 * @param {import('./local.mjs').LocalFolder} local
 */
export function screen(env, local) {
  const agents = findAgents().map(({ name }) => name);
  const started = local.readStarted()?.processes ?? [];
  const rows = [
    ['Coordinator', withoutLogin(env['COORDINATOR_URL'])],
    ['  API docs', `${withoutLogin(env['COORDINATOR_URL'])}/docs`],
    ['Status page', withoutLogin(env['HEALTH_MONITOR_URL'])],
    ['  metrics', `${withoutLogin(env['HEALTH_MONITOR_URL'])}/metrics`],
    ...started
      .filter(({ name }) => agents.includes(name))
      .map(({ name, url }) => [name, `${url}/metrics`]),
    ['RabbitMQ management', withoutLogin(env['RABBITMQ_MANAGEMENT_URL'])],
    ['RabbitMQ', withoutLogin(env['RABBITMQ_URL'])],
    ['PostgreSQL', withoutLogin(env['DATABASE_URL'])],
    ['Redis', withoutLogin(env['REDIS_URL'])],
    ['Logins', credentialsFile()],
    ['Logs', local.logFolder],
  ];
  return [
    'The backbone is up.',
    '',
    ...rows.map(([what = '', where = '']) => `  ${what.padEnd(21)}${where}`),
    '',
    '  Ask it something      npm run ask -- "How do I stop the stack?"',
    '  Check it again        npm run verify',
    '  Stop it               npm stop   (and its data: npm stop -- --wipe)',
  ].join('\n');
}

/** @param {string | undefined} url */
function withoutLogin(url) {
  if (url === undefined) return '';
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}
