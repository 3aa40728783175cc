import { BackboneError } from '@askflash/contracts';
import { redactUrls } from './redact';

/** What can be said of anything that was thrown; `remedy` is there where the error has one. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

/**
 * Describes anything that was thrown, in one line and without a URL's credentials. An error without
 * a message (Node's AggregateError of a refused connection) is told by its parts or its code.
 */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof BackboneError) {
    const { code, remedy } = error;
    return { code, message: redactUrls(error.message), remedy };
  }
  return { code: codeOf(error) ?? 'UNEXPECTED', message: redactUrls(messageOf(error)) };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message) return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(messageOf).join('; ');
  }
  return codeOf(error) ?? error.name;
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
