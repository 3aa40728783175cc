import { formatFiles, generateFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { join } from 'node:path';
import { agentFolder } from '../support/agent-folder';
import { refuse } from '../support/errors';
import { inWords, nameForms } from '../support/name-forms';
import { agentNamed, readRegistry, refuseTakenStage, writeRegistry } from '../support/registry';
import { addStageToTemplate, refuseUnfitTemplate } from '../support/task-templates';
import { writeReference } from '../support/write-reference';
import { findModule, addController } from './module-controllers';

/** As `schema.json` has it. */
export interface StageGeneratorOptions {
  name: string;
  agent: string;
  template?: string;
  skipDocs?: boolean;
}

/**
 * Gives an agent one more stage: a class with its handler among the module's controllers, a test, and
 * its entry in the registry.
 *
 * @throws {GeneratorRefusedError} where somebody works the stage off already or there is no such agent
 */
export default async function stageGenerator(
  tree: Tree,
  options: StageGeneratorOptions,
): Promise<GeneratorCallback> {
  const stage = nameForms(options.name, 'a stage');
  const agent = agentNamed(tree, nameForms(options.agent.replace(/-agent$/, ''), 'an agent').kebab);
  const folder = agentFolder(tree, agent.name);
  const template = options.template ? nameForms(options.template, 'a template').snake : undefined;
  refuseTakenStage(tree, stage.snake);
  if (template) refuseUnfitTemplate(tree, template, stage.snake);
  const className = `${stage.className}Stage`;
  const file = `${stage.kebab}.stage`;
  if (tree.exists(join(folder, `src/${file}.ts`))) {
    refuse(`${folder}/src/${file}.ts is there already`, 'Take another name');
  }

  const module = findModule(tree, folder);
  generateFiles(tree, join(__dirname, 'files'), folder, {
    file,
    className,
    agent: agent.name,
    queue: agent.queue,
    stage: stage.snake,
    method: stage.propertyName,
    stageInWords: inWords(stage),
    module: module.className,
    moduleFile: module.file,
  });
  addController(tree, module, { className, file });
  writeRegistry(
    tree,
    readRegistry(tree).map((one) =>
      one.name === agent.name ? { ...one, stages: [...one.stages, stage.snake] } : one,
    ),
  );
  if (template) addStageToTemplate(tree, template, stage.snake);
  await formatFiles(tree);
  return writeReference(options);
}
