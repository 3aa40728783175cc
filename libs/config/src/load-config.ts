import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readEnvironment, type Environment } from './environment';
import { ConfigInvalidError, type ConfigProblem } from './errors';
import { APP_LOGIN, withLogin } from './logins';
import type { Variable } from './variable';

/** What an app reads: its settings by the name it uses for each. */
export type ConfigShape = Readonly<Record<string, Variable>>;

/** The settings of a shape, checked and typed; an optional one may be undefined. */
export type ConfigOf<Shape extends ConfigShape> = {
  readonly [Key in keyof Shape]: Shape[Key] extends { optional: true }
    ? z.output<Shape[Key]['schema']> | undefined
    : z.output<Shape[Key]['schema']>;
};

/**
 * Reads and checks everything an app needs, once, at its start. What would be unsafe outside this
 * machine is refused: plain text, default passwords.
 *
 * @throws {ConfigInvalidError} naming every variable that is missing or bad, never a value
 */
export function loadConfig<Shape extends ConfigShape>(
  shape: Shape,
  environment?: Environment,
): ConfigOf<Shape>;
export function loadConfig(
  shape: ConfigShape,
  environment: Environment = readEnvironment(),
): Record<string, unknown> {
  const problems: ConfigProblem[] = [];
  const config = Object.entries(shape).map(([key, variable]) => {
    const result = readVariable(variable, environment);
    if ('problem' in result) problems.push({ variable: variable.name, problem: result.problem });
    return [key, 'value' in result ? result.value : undefined] as const;
  });
  if (problems.length > 0) throw new ConfigInvalidError(problems);
  return Object.freeze(Object.fromEntries(config));
}

type Reading = { readonly value: unknown } | { readonly problem: string };

function readVariable(variable: Variable, environment: Environment): Reading {
  const found = textOf(variable, environment);
  if ('problem' in found) return found;
  const text = found.value ?? variable.default;
  if (text === undefined) {
    return variable.optional
      ? { value: undefined }
      : { problem: `is not set: ${variable.allowed}` };
  }
  const parsed = variable.schema.safeParse(variable.login ? logIn(text, environment) : text);
  if (!parsed.success) return { problem: `must be ${variable.allowed}` };
  const hazard = variable.hazard?.(parsed.data, environment);
  return hazard === undefined ? { value: parsed.data } : { problem: hazard };
}

/** A login that cannot be read is told of where the app's own shape has it. */
function logIn(url: string, environment: Environment): string {
  const login = textOf(APP_LOGIN, environment);
  return 'value' in login ? withLogin(url, login.value) : url;
}

function textOf(
  { name, secret }: Variable,
  environment: Environment,
): { readonly value: string | undefined } | { readonly problem: string } {
  const own = environment[name] || undefined;
  const file = secret ? environment[`${name}_FILE`] || undefined : undefined;
  if (own !== undefined || file === undefined) return { value: own };
  try {
    const value = readFileSync(file, 'utf8').trimEnd();
    // An empty file counts as a mistake: what it was to protect must not be open for it.
    return value === ''
      ? { problem: `must not be an empty file: ${name}_FILE names one` }
      : { value };
  } catch {
    return { problem: `cannot be read: the file that ${name}_FILE names is missing or unreadable` };
  }
}
