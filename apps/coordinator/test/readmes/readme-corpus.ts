import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import packages from './packages.json';

const MODULES = resolve(__dirname, '../../../../node_modules');
const README = /^readme(\.md|\.markdown)?$/i;

/** A knowledge folder of the README files of installed packages; the lock file pins what they say. */
export interface ReadmeCorpus {
  readonly folder: string;
  /** How many documents it has. */
  readonly size: number;
  remove(): void;
}

/** Where a package's README is in the corpus. */
export function readmeOf(packageName: string): string {
  return `${packageName}.md`;
}

/**
 * Copies the README files of the packages that `packages.json` lists.
 *
 * @throws {Error} where one of them has none
 */
export function makeReadmeCorpus(): ReadmeCorpus {
  const folder = mkdtempSync(join(tmpdir(), 'askflash-readmes-'));
  for (const name of packages) {
    const readme = readdirSync(join(MODULES, name)).find((file) => README.test(file));
    if (readme === undefined) throw new Error(`${name} has no README`);
    const target = join(folder, readmeOf(name));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(MODULES, name, readme), target, { dereference: true });
  }
  return {
    folder,
    size: packages.length,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
