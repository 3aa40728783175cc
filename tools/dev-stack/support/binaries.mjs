import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folders of PATH, and those where system tools live that a user's PATH may lack. */
export function pathFolders() {
  const own = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return [...new Set([...own, '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'])];
}

/**
 * The first folder that holds every one of these programs.
 *
 * @param {string[]} folders one may hold a `*` as a whole part, which stands for what is there,
 *   the highest version first
 * @param {string[]} programs
 * @returns {string | undefined}
 */
export function findFolder(folders, programs) {
  return folders
    .flatMap(expand)
    .find((folder) => programs.every((program) => isExecutable(join(folder, program))));
}

/** @param {string} folder */
function expand(folder) {
  const [before, after] = folder.split('*');
  if (before === undefined || after === undefined) return [folder];
  const base = before.slice(0, before.lastIndexOf('/'));
  const prefix = before.slice(base.length + 1);
  try {
    return readdirSync(base)
      .filter((name) => name.startsWith(prefix))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => `${base}/${name}${after}`);
  } catch {
    return [];
  }
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
