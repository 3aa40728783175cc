import { BackboneError } from '@askflash/contracts';

/** A request has no key. */
export class KeyMissingError extends BackboneError {
  static override readonly code = 'KEY_MISSING';
  static override readonly when = 'A request has no API key where keys are configured.';
  static override readonly remedy =
    'Send the header `Authorization: Bearer <key>`; whoever runs the coordinator makes keys with `npm run api-key`.';
}

/** A request’s key is not known. */
export class KeyUnknownError extends BackboneError {
  static override readonly code = 'KEY_UNKNOWN';
  static override readonly when = 'A request has an API key that the coordinator does not know.';
  static override readonly remedy =
    'Compare the key with the one handed out; a coordinator reads COORDINATOR_API_KEYS only when it starts.';
}

/** A key does not allow what is asked with it. */
export class KeyForbiddenError extends BackboneError {
  static override readonly code = 'KEY_FORBIDDEN';
  static override readonly when =
    'A request asks for more than the role of its key allows, or for another user than the key’s own.';
  static override readonly remedy = 'Use a key with a role that the message names.';
}

/** A key is used too often. */
export class KeyRateExceededError extends BackboneError {
  static override readonly code = 'KEY_RATE_EXCEEDED';
  static override readonly when =
    'A key makes more requests a minute than COORDINATOR_KEY_REQUESTS_PER_MINUTE_COUNT allows.';
  static override readonly remedy = 'Try again after the seconds `Retry-After` tells.';
}

/** Without keys anybody who reaches the coordinator could do everything. */
export class KeysNotConfiguredError extends BackboneError {
  static override readonly code = 'KEYS_NOT_CONFIGURED';
  static override readonly when =
    'The coordinator is to bind to an address that others reach, and has no API keys.';
  static override readonly remedy =
    'Make a key with `npm run api-key` and store it in COORDINATOR_API_KEYS (or its _FILE), or leave HTTP_HOST at 127.0.0.1.';
  static override readonly exit = 'config';
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
