import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { isBuilt, markBuilt, sourcesHash } from './stack/build.mjs';
import { markInstalled } from './stack/packages.mjs';
import { workspaceRoot } from './support/workspace.mjs';

/*
 * hand-over-build.mjs FOLDER: lets a copy of this workspace, which has the same packages, count as
 * installed; and as built, where this one is.
 */
const [folder = ''] = process.argv.slice(2);
markInstalled(folder);
if (isBuilt()) {
  cpSync(join(workspaceRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  markBuilt(sourcesHash(folder), folder);
}
