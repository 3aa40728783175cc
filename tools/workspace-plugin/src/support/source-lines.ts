import type { Tree } from '@nx/devkit';
import { refuse } from './errors';

/** What a file holds. @throws {GeneratorRefusedError} where it is missing */
export function readText(tree: Tree, path: string): string {
  return tree.read(path, 'utf8') ?? refuse(`${path} is missing`, 'Put it back first');
}

/**
 * Puts a line behind the last one of its kind.
 *
 * @throws {GeneratorRefusedError} where the file has none of that kind
 */
export function insertAfterLast(tree: Tree, path: string, kind: RegExp, line: string): void {
  const lines = readText(tree, path).split('\n');
  const last = lines.findLastIndex((one) => kind.test(one));
  if (last < 0) refuse(`${path} has no line like ${kind}`, `Put this in by hand: ${line.trim()}`);
  tree.write(path, lines.toSpliced(last + 1, 0, line).join('\n'));
}

/** Takes out what a file imports or exports from another, on however many lines. */
export function removeImports(tree: Tree, path: string, from: string): void {
  const statement = /^(?:import|export)(?: type)? (?:\w+|\{[^}]*\}) from '([^']+)';\n/gm;
  tree.write(
    path,
    readText(tree, path).replaceAll(statement, (all, file: string) => (file === from ? '' : all)),
  );
}

/** Takes every line of a kind out. */
export function removeLines(tree: Tree, path: string, isOfKind: (line: string) => boolean): void {
  const lines = readText(tree, path).split('\n');
  tree.write(path, lines.filter((line) => !isOfKind(line)).join('\n'));
}
