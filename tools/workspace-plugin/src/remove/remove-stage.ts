import { joinPathFragments, type Tree } from '@nx/devkit';
import { findModule, removeController } from '../stage/module-controllers';
import { agentFolder } from '../support/agent-folder';
import { refuse } from '../support/errors';
import { nameForms } from '../support/name-forms';
import { readRegistry, writeRegistry } from '../support/registry';
import { removeStageFromTemplates } from '../support/task-templates';

/** Takes a stage that was added to an agent out again. */
export function removeStage(tree: Tree, given: string): void {
  const stage = nameForms(given, 'a stage');
  const agents = readRegistry(tree);
  const agent =
    agents.find(({ stages }) => stages.includes(stage.snake)) ??
    refuse(`Nobody works off ${stage.snake}`, 'See agent-registry.json for the stages there are');
  const folder = agentFolder(tree, agent.name);
  const file = `${stage.kebab}.stage`;
  const source = joinPathFragments(folder, `src/${file}.ts`);
  if (!tree.exists(source)) {
    refuse(`${source} is missing`, `Remove the agent, or take the stage out of ${folder} by hand`);
  }
  tree.delete(source);
  tree.delete(joinPathFragments(folder, `test/${file}.spec.ts`));
  removeController(tree, findModule(tree, folder), { className: `${stage.className}Stage`, file });
  removeStageFromTemplates(tree, stage.snake);
  writeRegistry(
    tree,
    agents.map((one) =>
      one === agent ? { ...one, stages: one.stages.filter((name) => name !== stage.snake) } : one,
    ),
  );
}
