import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runLogged } from '../support/command.mjs';
import { step } from '../support/progress.mjs';
import { workspaceRoot } from '../support/workspace.mjs';

/** Holds the hash of the lock file that node_modules was installed from. */
const STAMP = 'node_modules/.askflash-lock-hash';

/**
 * Whether node_modules is not what the lock file says.
 *
 * @param {string} [root]
 */
export function needsInstall(root = workspaceRoot) {
  const stamp = join(root, STAMP);
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== lockHash(root);
}

/** @param {string} [root] */
export function markInstalled(root = workspaceRoot) {
  writeFileSync(join(root, STAMP), lockHash(root));
}

/** @param {string} root */
function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * Installs the packages where the lock file differs from what is installed.
 *
 * @param {{ logFile: string, signal?: AbortSignal, root?: string }} options `root`: a folder with a
 *   lock file of its own
 */
export async function installPackages({ logFile, signal, root = workspaceRoot }) {
  if (!needsInstall(root)) return;
  const of = root === workspaceRoot ? '' : ` of ${relative(workspaceRoot, root)}`;
  await step(
    `Installing packages${of} (npm ci)`,
    async () => {
      const args = ['ci', '--prefix', root, '--no-audit', '--no-fund'];
      await runLogged('npm', args, { logFile, signal });
      markInstalled(root);
    },
    { logFile },
  );
}
