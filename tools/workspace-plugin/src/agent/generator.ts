import { formatFiles, type GeneratorCallback, type Tree } from '@nx/devkit';
import { addComposeServices } from '../support/compose-services';
import { addStageToTemplate } from '../support/task-templates';
import { writeReference } from '../support/write-reference';
import { addApp } from './add-app';
import { newAgent, type AgentGeneratorOptions } from './options';
import { register } from './register';

/**
 * Makes an agent: its app with tests, its entry in the registry and so its queue, its services in the
 * Compose files, and where a template is named the template's next version, which has its stage.
 *
 * @throws {GeneratorRefusedError} where it is there already or cannot be; nothing is written then
 */
export default async function agentGenerator(
  tree: Tree,
  options: AgentGeneratorOptions,
): Promise<GeneratorCallback> {
  const agent = newAgent(tree, options);
  register(tree, agent);
  addApp(tree, agent);
  addComposeServices(tree, agent.project);
  if (agent.template) addStageToTemplate(tree, agent.template, agent.stage.snake);
  await formatFiles(tree);
  return writeReference(options);
}
