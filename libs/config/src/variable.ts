import { z } from 'zod';
import type { Environment } from './environment';
import { endpointHazard } from './safety/hazards';

/** One environment variable: how it is checked, and what its reference says. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  /** What may stand there, in words; the only thing an error says of a bad value. */
  readonly allowed: string;
  /** Takes the variable's text; text that is empty counts as not set. */
  readonly schema: Schema;
  /** Text used where it is not set; without one the variable is required, unless `optional`. */
  readonly default?: string;
  /** Set by `optional()`, so that the setting's type tells it too. */
  readonly optional?: boolean;
  /** Its value is never shown; `<name>_FILE` may name a file that holds it instead. */
  readonly secret?: boolean;
  /** A URL of a server that apps log in to: `APP_LOGIN` is filled in where it names no user. */
  readonly login?: boolean;
  /** What makes a value that is allowed unsafe where the app runs; see `Hazard`. */
  hazard?(value: z.output<Schema>, environment: Environment): string | undefined;
}

type Options = Pick<Variable, 'default' | 'secret' | 'login'>;

/** `host` or `host:port`, as further nodes of a cluster are named in a URL. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;

/**
 * A URL that is connected to, with one of the schemes given, such as `['postgres', 'postgresql']`. On
 * the way to another machine it has to be encrypted.
 */
export function url(
  name: string,
  schemes: readonly string[],
  description: string,
  options: Options = {},
): Variable<z.ZodString> {
  const allowed = `a URL starting with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  const isAllowed = (text: string): boolean => {
    if (!URL.canParse(text)) return false;
    const nodes = new URL(text).searchParams.getAll('node');
    // As it is written: a client may take REDISS:// for plain text.
    const hasScheme = schemes.some((scheme) => text.startsWith(`${scheme}://`));
    return hasScheme && nodes.every((node) => HOST.test(node));
  };
  return {
    name,
    description,
    allowed,
    schema: z.string().refine(isAllowed),
    hazard: endpointHazard,
    ...options,
  };
}

/** The URL of a page that is only told to people; nothing connects to it. */
export function link(
  name: string,
  description: string,
  options: Options = {},
): Variable<z.ZodString> {
  return { ...url(name, ['http', 'https'], description, options), hazard: () => undefined };
}

/** A whole number within bounds; the unit belongs into the name (`…_MS`, `…_COUNT`). */
export function integer(
  name: string,
  [min, max]: readonly [number, number],
  description: string,
  options: Options = {},
): Variable<z.ZodType<number, string>> {
  const schema = z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
  return { name, description, allowed: `a whole number from ${min} to ${max}`, schema, ...options };
}

/** One of several words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  name: string,
  words: Words,
  description: string,
  options: Options = {},
): Variable<z.ZodType<Words[number], string>> {
  return { name, description, allowed: words.join(', '), schema: z.enum(words), ...options };
}

/** Yes or no; no unless given. */
export function flag(name: string, description: string): Variable<z.ZodType<boolean, string>> {
  const schema = z.enum(['true', 'false']).transform((value) => value === 'true');
  return { name, description, allowed: 'true, false', schema, default: 'false' };
}

/** Free text that is not empty. */
export function text(
  name: string,
  description: string,
  options: Options = {},
): Variable<z.ZodString> {
  return { name, description, allowed: 'text', schema: z.string().min(1), ...options };
}

/** Texts parted by commas; white space around one is no part of it. */
export function list(
  name: string,
  description: string,
  options: Options = {},
): Variable<z.ZodType<readonly string[], string>> {
  const schema = z.string().transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
  return { name, description, allowed: 'texts parted by commas', schema, ...options };
}

/** A variable that may be left out; its setting is undefined then. */
export function optional<Given extends Variable>(
  variable: Given,
): Given & { readonly optional: true } {
  return { ...variable, optional: true };
}
