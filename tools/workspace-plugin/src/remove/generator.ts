import { formatFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { writeReference } from '../support/write-reference';
import { removeAgent } from './remove-agent';
import { removeContract } from './remove-contract';
import { removeMigration } from './remove-migration';
import { removeStage } from './remove-stage';
import { removeTemplate } from './remove-template';

/** As `schema.json` has it. */
export interface RemoveGeneratorOptions {
  kind: keyof typeof REMOVERS;
  name: string;
  skipDocs?: boolean;
}

const REMOVERS = {
  agent: removeAgent,
  stage: removeStage,
  template: removeTemplate,
  contract: removeContract,
  migration: removeMigration,
};

/**
 * Takes back what one of the other generators made. Queues stay on the broker until `queue-init prune`,
 * and rows in the database as they are.
 *
 * @throws {GeneratorRefusedError} where it is not there, or something else needs it
 */
export default async function removeGenerator(
  tree: Tree,
  { kind, name, ...options }: RemoveGeneratorOptions,
): Promise<GeneratorCallback> {
  REMOVERS[kind](tree, name);
  await formatFiles(tree);
  return writeReference(options);
}
