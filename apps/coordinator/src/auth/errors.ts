import { BackboneError } from '@askflash/contracts';

/** A key is used too often. */
export class KeyRateExceededError extends BackboneError {
  static override readonly code = 'KEY_RATE_EXCEEDED';
  static override readonly when =
    'A key makes more requests a minute than COORDINATOR_KEY_REQUESTS_PER_MINUTE_COUNT allows.';
  static override readonly remedy = 'Try again after the seconds `Retry-After` tells.';
}

/** The command line of `npm run api-key` cannot be understood. */
export class ApiKeyUsageError extends BackboneError {
  static override readonly code = 'API_KEY_USAGE';
  static override readonly when =
    '`npm run api-key` lacks a name or a role, or is given what no key can have.';
  static override readonly remedy =
    'npm run api-key -- --name NAME --role submit|read|admin [--user ID]';
  static override readonly exit = 'usage';
}
