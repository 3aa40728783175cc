import { join } from 'node:path';
import { runHere } from '../support/command.mjs';
import { workspaceRoot } from '../support/workspace.mjs';
import { build } from './build.mjs';
import { installPackages } from './packages.mjs';

const BENCH = 'tools/bench';

/**
 * Runs the bench, with the peers that it measures installed and everything built.
 *
 * @param {import('./local.mjs').LocalFolder} local
 * @param {string[]} args
 * @param {AbortSignal} [signal] ends it
 * @returns {Promise<number>} its exit code: 0 where every figure was measured, whatever it is
 */
export async function runBench(local, args, signal) {
  await installPackages({ logFile: local.log('npm-ci'), root: join(workspaceRoot, BENCH), signal });
  await build({ logFile: local.log('build'), signal });
  const main = join(workspaceRoot, 'dist', BENCH, 'main.js');
  return runHere(process.execPath, ['--enable-source-maps', main, ...args], {
    env: { ...process.env, ASKFLASH_STACK_FILE: '' },
    signal,
  });
}
