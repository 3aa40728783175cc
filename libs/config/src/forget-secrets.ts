import { APP_CONFIGS } from './apps/all';

const SECRET_VARIABLES = new Set(
  Object.values(APP_CONFIGS).flatMap((shape) =>
    Object.values(shape).flatMap(({ name, secret }) => (secret ? [name] : [])),
  ),
);

/**
 * Takes every secret out of the process's own variables, once they have been read: a diagnostic report
 * of Node prints all variables, and a program that is started inherits them.
 */
export function forgetSecrets(environment: Record<string, string | undefined> = process.env): void {
  for (const name of SECRET_VARIABLES) delete environment[name];
}
