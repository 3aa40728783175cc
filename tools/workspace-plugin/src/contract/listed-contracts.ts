import type { Tree } from '@nx/devkit';
import { insertAfterLast, removeImports, removeLines } from '../support/source-lines';
import type { ContractNames } from './contract-names';

const LIST = 'libs/contracts/src/messages/all.ts';
const INDEX = 'libs/contracts/src/index.ts';
const INDEX_LINE = / from '\.\/messages\/(?!all')[\w-]+';$/;

/** Puts a contract to the end of the list of all, and among what the lib exports. */
export function listContract(tree: Tree, contract: ContractNames): void {
  insertAfterLast(tree, LIST, / from '\.\/[\w-]+';$/, importOf(contract));
  insertAfterLast(tree, LIST, /^ {2}\w+,$/, `  ${contract.constant},`);
  for (const line of exportsOf(contract)) insertAfterLast(tree, INDEX, INDEX_LINE, line);
}

/** Takes it out of both. */
export function unlistContract(tree: Tree, { constant, file }: ContractNames): void {
  removeImports(tree, LIST, `./${file}`);
  removeLines(tree, LIST, (line) => line === `  ${constant},`);
  removeImports(tree, INDEX, `./messages/${file}`);
}

function importOf({ constant, file }: ContractNames): string {
  return `import { ${constant} } from './${file}';`;
}

function exportsOf({ constant, schema, typeName, file }: ContractNames): readonly string[] {
  return [
    `export { ${constant}, ${schema} } from './messages/${file}';`,
    `export type { ${typeName} } from './messages/${file}';`,
  ];
}
