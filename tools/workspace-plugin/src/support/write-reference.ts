import { logger, workspaceRoot, type GeneratorCallback } from '@nx/devkit';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Writes `docs/reference` once the generator's files are written, as `npm run docs` does, but without a
 * build: a test compares it with what the sources say.
 */
export function writeReference({
  skipDocs = false,
}: {
  readonly skipDocs?: boolean;
}): GeneratorCallback {
  return () => {
    if (skipDocs) return;
    const main = join(workspaceRoot, 'tools/reference/src/main.ts');
    const { status, stderr } = spawnSync(process.execPath, ['-r', '@swc-node/register', main], {
      cwd: workspaceRoot,
      env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.scripts.json' },
      encoding: 'utf8',
    });
    if (status !== 0) logger.warn(`docs/reference is not up to date; run npm run docs.\n${stderr}`);
  };
}
