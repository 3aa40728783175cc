import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { refuse } from '../support/errors';
import { writeReference } from '../support/write-reference';
import { newContract } from './contract-names';
import { listContract } from './listed-contracts';

const MESSAGES = 'libs/contracts/src/messages';

/** As `schema.json` has it. */
export interface ContractGeneratorOptions {
  name: string;
  exchange?: 'mcp.events' | 'mcp.tasks';
  description?: string;
  skipDocs?: boolean;
}

/**
 * Makes a contract with a schema to be filled in and its golden sample. A contract never changes: where
 * there is one of the name, its next version is made.
 *
 * @throws {GeneratorRefusedError} where the name is not one
 */
export default async function contractGenerator(
  tree: Tree,
  options: ContractGeneratorOptions,
): Promise<GeneratorCallback> {
  const contract = newContract(options.name, (file) => tree.exists(`${MESSAGES}/${file}.ts`));
  if (!tree.exists(MESSAGES)) refuse(`${MESSAGES} is missing`, 'Put it back first');
  generateFiles(tree, join(__dirname, 'files'), MESSAGES, {
    ...contract,
    exchange: options.exchange ?? 'mcp.events',
    description: options.description || `${contract.type}.`,
  });
  listContract(tree, contract);
  await formatFiles(tree);
  return writeReference(options);
}
