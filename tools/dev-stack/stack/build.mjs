import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from '../support/command.mjs';
import { step } from '../support/progress.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { builtApps } from './apps.mjs';
import { NX, nxEnvironment } from './nx.mjs';

const SOURCES = [
  'apps',
  'libs',
  'tools',
  'docs/runbooks',
  'package-lock.json',
  'nx.json',
  'tsconfig.base.json',
];
const STAMP = 'dist/.askflash-sources-hash';

/**
 * Builds every app, where a source has changed since the last time.
 *
 * @param {{ logFile: string, signal?: AbortSignal, only?: string }} options `only`: this project alone
 */
export async function build({ logFile, signal, only }) {
  if (isBuilt()) return;
  await step(
    'Building',
    async () => {
      const before = sourcesHash();
      const projects = only === undefined ? [] : ['-p', only];
      await runLogged(process.execPath, [...NX, 'run-many', '-t', 'build', ...projects], {
        logFile,
        signal,
        env: nxEnvironment(),
      });
      if (only === undefined) markBuilt(before);
    },
    { logFile },
  );
}

/** Whether every app is there, built from what the sources are now. */
export function isBuilt(root = workspaceRoot) {
  return (
    builtApps().every((main) => existsSync(join(root, main))) &&
    builtSources(root) === sourcesHash(root)
  );
}

/** What the sources were when all apps were built last, as `sourcesHash` tells it. */
export function builtSources(root = workspaceRoot) {
  const stamp = join(root, STAMP);
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

/**
 * @param {string} hash what the sources were before the build
 * @param {string} [root]
 */
export function markBuilt(hash, root = workspaceRoot) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, STAMP), hash);
}

/** Tells one state of the sources, specs aside, from another by the files' names, sizes and times. */
export function sourcesHash(root = workspaceRoot) {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((source) => filesOf(root, source))) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(root, path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .filter((name) => !name.endsWith('.spec.ts') && name !== 'node_modules')
    .flatMap((name) => filesOf(root, join(path, name)));
}
