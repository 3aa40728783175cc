import type { Tree } from '@nx/devkit';
import { FsTree } from 'nx/src/generators/tree';
import { join } from 'node:path';

/** The workspace as it is, with what is written to it kept in memory. */
export function workspaceTree(): Tree {
  return new FsTree(join(__dirname, '../../..'), false);
}

/** What each file that was changed holds now; null where it is gone. */
export function changesOf(tree: Tree): Readonly<Record<string, string | null>> {
  const changes = tree
    .listChanges()
    .map(({ path, type, content }) => [path, type === 'DELETE' ? null : String(content)] as const);
  return Object.fromEntries(changes);
}

/** The files that differ between two states of a tree, sorted. */
export function changedFiles(tree: Tree, before: ReturnType<typeof changesOf> = {}): string[] {
  const after = changesOf(tree);
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => before[path] !== after[path]).sort();
}
