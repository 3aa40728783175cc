import type { Tree } from '@nx/devkit';
import { refuse } from '../support/errors';
import { nameForms, type NameForms } from '../support/name-forms';
import { readRegistry, refuseTakenStage } from '../support/registry';
import { refuseUnfitTemplate } from '../support/task-templates';

/** As `schema.json` has it. */
export interface AgentGeneratorOptions {
  name: string;
  stage?: string;
  queue?: string;
  description?: string;
  template?: string;
  concurrency?: number;
  directory?: string;
  skipDocs?: boolean;
}

/** What the steps go by. */
export interface NewAgent {
  readonly name: NameForms;
  readonly stage: NameForms;
  readonly queue: string;
  readonly description: string;
  readonly template: string | undefined;
  readonly concurrency: number | undefined;
  /** Name of the Nx project, of the image and of the compose service: `summarizer-agent`. */
  readonly project: string;
  /** Folder of the app, from the workspace's root. */
  readonly folder: string;
}

/**
 * Puts the options into their forms and looks whether they can be.
 *
 * @throws {GeneratorRefusedError} before anything is written
 */
export function newAgent(tree: Tree, options: AgentGeneratorOptions): NewAgent {
  const name = nameForms(options.name.replace(/[-_ ]?agent$/i, ''), 'an agent');
  const stage = nameForms(options.stage || name.snake, 'a stage');
  const agent: NewAgent = {
    name,
    stage,
    queue: options.queue || `${name.kebab}.task`,
    description: options.description || `Works off ${stage.snake}`,
    template: options.template ? nameForms(options.template, 'a template').snake : undefined,
    concurrency: options.concurrency,
    project: `${name.kebab}-agent`,
    folder: options.directory || `apps/agents/${name.kebab}`,
  };
  refuseTaken(tree, agent);
  return agent;
}

function refuseTaken(tree: Tree, { name, stage, queue, template, folder }: NewAgent): void {
  const agents = readRegistry(tree);
  if (agents.some((agent) => agent.name === name.kebab)) {
    refuse(`There is an agent ${name.kebab} already`, 'Take another name');
  }
  const owner = agents.find((agent) => agent.queue === queue);
  if (owner) refuse(`The queue ${queue} belongs to the agent ${owner.name}`, 'Take another one');
  refuseTakenStage(tree, stage.snake);
  if (!/^apps\/[\w-]+(\/[\w-]+)*$/.test(folder)) {
    refuse(`'${folder}' is no folder under apps/`, 'Take one like apps/agents/summarizer');
  }
  if (tree.exists(folder)) refuse(`${folder} is there already`, 'Take another --directory');
  if (template) refuseUnfitTemplate(tree, template, stage.snake);
}
