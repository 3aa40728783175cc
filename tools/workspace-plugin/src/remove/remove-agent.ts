import { type Tree } from '@nx/devkit';
import { agentFolder } from '../support/agent-folder';
import { removeComposeServices } from '../support/compose-services';
import { nameForms } from '../support/name-forms';
import { agentNamed, readRegistry, writeRegistry } from '../support/registry';
import { removeStageFromTemplates } from '../support/task-templates';

/** Takes an agent out, with its app, its services and its stages. */
export function removeAgent(tree: Tree, given: string): void {
  const { kebab } = nameForms(given.replace(/-agent$/, ''), 'an agent');
  const agent = agentNamed(tree, kebab);
  tree.delete(agentFolder(tree, agent.name));
  removeComposeServices(tree, `${agent.name}-agent`);
  agent.stages.forEach((stage) => removeStageFromTemplates(tree, stage));
  writeRegistry(
    tree,
    readRegistry(tree).filter(({ name }) => name !== agent.name),
  );
}
