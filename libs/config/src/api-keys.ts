import { z } from 'zod';
import { apiKeysHazard } from './safety/hazards';
import type { Variable } from './variable';

/** What a key may be for: hand tasks in, look at everything, do everything. */
export const API_KEY_ROLES = ['submit', 'read', 'admin'] as const;
export type ApiKeyRole = (typeof API_KEY_ROLES)[number];

/** A key as it is stored: never the key itself. */
export interface ApiKey {
  /** Who holds it, as logs and errors tell it. */
  readonly name: string;
  readonly role: ApiKeyRole;
  /** The only user that a `submit` key may act for; any user where undefined. */
  readonly userId?: string;
  /** SHA-256 of the key, in hexadecimal. */
  readonly hash: string;
}

const apiKey = z
  .object({
    name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/),
    role: z.enum(API_KEY_ROLES),
    userId: z.string().min(1).max(200).optional(),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
  })
  .refine(({ role, userId }) => userId === undefined || role === 'submit');

const isUnique = (values: readonly string[]) => new Set(values).size === values.length;

const apiKeys = z
  .string()
  .transform((text) => text.split(/\r?\n/).map((line) => line.trim()))
  .transform((lines) => lines.filter((line) => line !== '' && !line.startsWith('#')).map(fieldsOf))
  .pipe(
    z
      .array(apiKey)
      .min(1)
      .refine((keys) => isUnique(keys.map(({ name }) => name)))
      .refine((keys) => isUnique(keys.map(({ hash }) => hash))),
  );

/** Keys, one a line: `name:role:hash`, or `name:submit:userId:hash`. */
export function apiKeysVariable(
  name: string,
  description: string,
): Variable<z.ZodType<readonly ApiKey[], string>> {
  return {
    name,
    description,
    allowed:
      'one key a line, as `npm run api-key` prints it (name:role:hash or name:submit:userId:hash), no name or key twice',
    schema: apiKeys,
    hazard: apiKeysHazard,
    secret: true,
  };
}

/** The line under which a key is stored. */
export function formatApiKey({ name, role, userId, hash }: ApiKey): string {
  return [name, role, ...(userId === undefined ? [] : [userId]), hash].join(':');
}

/** A user's id may hold colons; a name, a role and a hash hold none. */
function fieldsOf(line: string) {
  const [name, role, ...rest] = line.split(':');
  const hash = rest.at(-1);
  return { name, role, hash, ...(rest.length > 1 ? { userId: rest.slice(0, -1).join(':') } : {}) };
}
