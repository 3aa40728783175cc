import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const stackFile = z.object({ env: z.record(z.string(), z.string()) });

/**
 * The environment apps read: the process's own variables, and below them those of the running
 * stack, which `npm start` writes to `.local/stack.json`. `ASKFLASH_STACK_FILE` names another
 * file; set and empty it means none.
 */
export function readEnvironment(own: Environment = process.env): Environment {
  const path = own['ASKFLASH_STACK_FILE'] ?? resolve('.local/stack.json');
  if (path === '' || !existsSync(path)) return own;
  const { env } = stackFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  return { ...env, ...own };
}
