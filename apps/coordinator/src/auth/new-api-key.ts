import { API_KEY_ROLES, apiKeysVariable } from '@askflash/config';
import { makeApiKey } from '@askflash/service-kit';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ApiKeyUsageError } from './errors';

const options = z.strictObject({
  name: z.string(),
  role: z.enum(API_KEY_ROLES),
  user: z.string().optional(),
});

/**
 * Makes a key as the command line asks for it.
 *
 * @returns what is printed: the key, which is nowhere else, and the line to store
 * @throws {ApiKeyUsageError}
 */
export function newApiKey(args: string[]): string {
  const { name, role, user } = readOptions(args);
  const { key, line } = makeApiKey({ name, role, ...(user === undefined ? {} : { userId: user }) });
  if (!apiKeysVariable('line', '').schema.safeParse(line).success) {
    throw new ApiKeyUsageError(
      'A name is of a–z, 0–9, - and _; --user goes with the role submit only',
    );
  }
  return [
    'The key, shown this once; its holder sends it as `Authorization: Bearer <key>`:',
    '',
    `  ${key}`,
    '',
    'The line for the file that COORDINATOR_API_KEYS_FILE names (or for COORDINATOR_API_KEYS):',
    '',
    `  ${line}`,
    '',
  ].join('\n');
}

function readOptions(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        name: { type: 'string' },
        role: { type: 'string' },
        user: { type: 'string' },
      },
    });
    return options.parse(values);
  } catch {
    throw new ApiKeyUsageError(`It takes a name and a role: ${API_KEY_ROLES.join(', ')}`);
  }
}
