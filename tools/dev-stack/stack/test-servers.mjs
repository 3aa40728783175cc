import { missingServers } from '../servers/native.mjs';
import { StackError } from '../support/errors.mjs';
import { canInstall } from './apt.mjs';
import { installMissing } from './servers.mjs';

/**
 * Sees that the programs of the servers are there, of which tests and the bench start their own.
 *
 * @param {import('./local.mjs').LocalFolder} local
 */
export async function needTestServers(local) {
  const missing = missingServers();
  if (missing.length === 0) return;
  if (!canInstall()) {
    const titles = missing.map(({ title }) => title).join(', ');
    throw new StackError(`The tests need servers of their own: ${titles} cannot be found here`, {
      remedy: 'Install them, for example: brew install postgresql@15 redis rabbitmq',
    });
  }
  await installMissing(local);
}
