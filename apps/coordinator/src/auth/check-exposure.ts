import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { KeysNotConfiguredError } from './errors';

const LOOPBACK = new Set(['127.0.0.1', '::1']);

/**
 * Sees that only this machine reaches a coordinator that asks nobody for a key.
 *
 * @throws {KeysNotConfiguredError}
 */
export function checkExposure({
  httpHost,
  apiKeys,
}: Pick<ConfigOf<typeof COORDINATOR_CONFIG>, 'httpHost' | 'apiKeys'>): void {
  if (apiKeys || LOOPBACK.has(httpHost)) return;
  throw new KeysNotConfiguredError(
    `HTTP_HOST is ${httpHost}, and anybody who reaches it could do everything: there are no API keys`,
    { fields: { httpHost } },
  );
}
