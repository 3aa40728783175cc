import type { Tree } from '@nx/devkit';
import { contractOfType } from '../contract/contract-names';
import { unlistContract } from '../contract/listed-contracts';
import { refuse } from '../support/errors';

const MESSAGES = 'libs/contracts/src/messages';

/** Takes a contract out, with its golden sample; it is named with its version: `task.archived.v2`. */
export function removeContract(tree: Tree, type: string): void {
  const contract = contractOfType(type);
  const source = `${MESSAGES}/${contract.file}.ts`;
  if (!tree.exists(source)) refuse(`${source} is missing`, 'Is the version right?');
  tree.delete(source);
  tree.delete(`${MESSAGES}/${contract.file}.sample.json`);
  unlistContract(tree, contract);
}
