import { BackboneError, EXIT_CODES } from '@askflash/contracts';
import { describeError } from './describe-error';
import { redactUrls } from './redact';

/**
 * Tells on standard error why a command or service ends: `CODE: message`, the causes, and the
 * remedy; the stack too where the error is none of the backbone's own.
 *
 * @returns the exit code to end with, see EXIT_CODES
 */
export function reportFailure(
  error: unknown,
  write: (text: string) => void = (text) => process.stderr.write(text),
): number {
  const { code, message, remedy } = describeError(error);
  const lines = [`${code}: ${message}`];
  for (const cause of causesOf(error)) lines.push(`  because: ${describeError(cause).message}`);
  if (remedy) lines.push(`  what to do: ${remedy}`);
  if (!(error instanceof BackboneError) && error instanceof Error && error.stack) {
    lines.push(redactUrls(error.stack));
  }
  write(`${lines.join('\n')}\n`);
  return exitCodeOf(error);
}

/** The exit code an error asks for; that of `failure` where it asks for none. */
export function exitCodeOf(error: unknown): number {
  return EXIT_CODES[error instanceof BackboneError ? error.exit : 'failure'].code;
}

function* causesOf(error: unknown): Generator<unknown> {
  let cause = error instanceof Error ? error.cause : undefined;
  for (let depth = 0; cause !== undefined && depth < 5; depth += 1) {
    yield cause;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
}
