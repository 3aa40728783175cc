import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { StackFileInvalidError } from './errors';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const stackFile = z.object({ env: z.record(z.string(), z.string()) });

/**
 * The environment apps read: the process's own variables, and below them those of the running
 * stack, which `npm start` writes to `.local/stack.json`. A variable that is empty counts as not
 * set; one given as `<name>_FILE` as set. `ASKFLASH_STACK_FILE` names another file; set and empty
 * it means none.
 *
 * @throws {StackFileInvalidError} where that file is there but cannot be used
 */
export function readEnvironment(own: Environment = process.env): Environment {
  const path = own['ASKFLASH_STACK_FILE'] ?? resolve('.local/stack.json');
  if (path === '' || !existsSync(path)) return own;
  const below = Object.entries(readStackFile(path)).filter(
    ([name]) => !own[name] && !own[`${name}_FILE`],
  );
  return { ...own, ...Object.fromEntries(below) };
}

function readStackFile(path: string): Record<string, string> {
  try {
    return stackFile.parse(JSON.parse(readFileSync(path, 'utf8'))).env;
  } catch {
    throw new StackFileInvalidError(path);
  }
}
