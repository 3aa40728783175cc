import { BackboneError } from '@askflash/contracts';
import type { StatusByErrorCode } from '../http/problem';

/** A request has no key. */
export class KeyMissingError extends BackboneError {
  static override readonly code = 'KEY_MISSING';
  static override readonly when = 'A request has no API key where keys are configured.';
  static override readonly remedy =
    'Send the header `Authorization: Bearer <key>`, or in a browser the key as password; whoever runs the coordinator makes keys with `npm run api-key`.';
}

/** A request’s key is not known. */
export class KeyUnknownError extends BackboneError {
  static override readonly code = 'KEY_UNKNOWN';
  static override readonly when = 'A request has an API key that the service does not know.';
  static override readonly remedy =
    'Compare the key with the one handed out; a service reads COORDINATOR_API_KEYS only when it starts.';
}

/** A key does not allow what is asked with it. */
export class KeyForbiddenError extends BackboneError {
  static override readonly code = 'KEY_FORBIDDEN';
  static override readonly when =
    'A request asks for more than the role of its key allows, or for another user than the key’s own.';
  static override readonly remedy = 'Use a key with a role that the message names.';
}

/** Without keys anybody who reaches the service could do everything. */
export class KeysNotConfiguredError extends BackboneError {
  static override readonly code = 'KEYS_NOT_CONFIGURED';
  static override readonly when =
    'A service is to bind to an address that others reach, and has no API keys.';
  static override readonly remedy =
    'Make a key with `npm run api-key` and store it in COORDINATOR_API_KEYS (or its _FILE), or leave HTTP_HOST at 127.0.0.1.';
  static override readonly exit = 'config';
}

/** The HTTP statuses of what the guard throws. */
export const AUTH_ERROR_STATUSES: StatusByErrorCode = {
  [KeyMissingError.code]: 401,
  [KeyUnknownError.code]: 401,
  [KeyForbiddenError.code]: 403,
};
