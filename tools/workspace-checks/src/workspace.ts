import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const WORKSPACE_ROOT = resolve(__dirname, '../../..');

/** The text of a file, by its path from the root of the workspace. */
export function readText(path: string, root = WORKSPACE_ROOT): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What a JSON file holds, which the caller still has to parse. */
export function readJson(path: string, root = WORKSPACE_ROOT): unknown {
  return JSON.parse(readText(path, root));
}
