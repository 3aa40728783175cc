import { generateFiles, offsetFromRoot, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { inWords } from '../support/name-forms';
import type { NewAgent } from './options';

/** Writes the app's own files. */
export function addApp(tree: Tree, { name, stage, ...agent }: NewAgent): void {
  generateFiles(tree, join(__dirname, 'files'), agent.folder, {
    ...agent,
    name: name.kebab,
    className: name.className,
    stage: stage.snake,
    method: stage.propertyName,
    stageInWords: inWords(stage),
    root: offsetFromRoot(agent.folder),
  });
}
