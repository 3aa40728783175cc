import { COORDINATOR_STAGES } from '@askflash/contracts';
import { validateTemplate } from '@askflash/dag-templates';
import {
  formatFiles,
  generateFiles,
  names,
  writeJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { join } from 'node:path';
import { refuse } from '../support/errors';
import { inWords, nameForms } from '../support/name-forms';
import { readRegistry } from '../support/registry';
import {
  PACKAGING,
  TEMPLATES_FOLDER,
  stageOf,
  templateNames,
  templatePath,
  type TemplateFile,
} from '../support/task-templates';
import { writeReference } from '../support/write-reference';
import { listTemplate } from './listed-templates';

/** As `schema.json` has it. */
export interface TemplateGeneratorOptions {
  name: string;
  stages: string;
  description?: string;
  skipDocs?: boolean;
}

/**
 * Makes a default template whose stages run one after the other, with its test. What is to run side by
 * side is a matter of its `dependsOn` afterwards.
 *
 * @throws {GeneratorRefusedError} where the name is taken, or a stage is nobody's
 */
export default async function templateGenerator(
  tree: Tree,
  options: TemplateGeneratorOptions,
): Promise<GeneratorCallback> {
  const name = nameForms(options.name, 'a template');
  if (templateNames(tree).includes(name.snake)) {
    refuse(`There is a template ${name.snake} already`, 'Take another name');
  }
  const stages = stagesOf(options.stages);
  const file: TemplateFile = {
    name: name.snake,
    version: 1,
    description: options.description || inWords(name),
    stages: stages.map((stage, index) => stageOf(stage, stages.slice(index - 1, index))),
  };
  refuseInvalid(tree, file);

  writeJson(tree, templatePath(name.snake), file);
  generateFiles(tree, join(__dirname, 'files'), TEMPLATES_FOLDER, {
    name: name.snake,
    stages: stages.slice(0, -1),
  });
  listTemplate(tree, { name: name.snake, variable: names(name.kebab).propertyName });
  await formatFiles(tree);
  return writeReference(options);
}

function stagesOf(given: string): string[] {
  const stages = given
    .split(',')
    .map((stage) => stage.trim())
    .filter((stage) => stage !== '' && stage !== PACKAGING);
  if (stages.length === 0) refuse('A template needs a stage', 'Name some with --stages=one,other');
  return [...stages, PACKAGING];
}

function refuseInvalid(tree: Tree, file: TemplateFile): void {
  const known = [...readRegistry(tree).flatMap(({ stages }) => stages), ...COORDINATOR_STAGES];
  const validation = validateTemplate(file, { stages: known });
  if (validation.ok) return;
  const problems = validation.problems.map(({ message }) => message);
  refuse(`No task could go through this template: ${problems.join('; ')}`, 'Take other --stages');
}
