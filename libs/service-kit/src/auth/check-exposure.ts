import { isLoopback, type ApiKey } from '@askflash/config';
import { KeysNotConfiguredError } from './errors';

/**
 * Sees that only this machine reaches a service that asks nobody for a key.
 *
 * @throws {KeysNotConfiguredError}
 */
export function checkExposure({
  httpHost,
  apiKeys,
}: {
  readonly httpHost: string;
  readonly apiKeys: readonly ApiKey[] | undefined;
}): void {
  if (apiKeys || isLoopback(httpHost)) return;
  throw new KeysNotConfiguredError(
    `HTTP_HOST is ${httpHost}, and anybody who reaches it could do everything: there are no API keys`,
    { fields: { httpHost } },
  );
}
