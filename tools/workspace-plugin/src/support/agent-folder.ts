import { getProjects, type Tree } from '@nx/devkit';
import { refuse } from './errors';

/** Folder of an agent's app. @throws {GeneratorRefusedError} where it has none */
export function agentFolder(tree: Tree, agent: string): string {
  return (
    getProjects(tree).get(`${agent}-agent`)?.root ??
    refuse(`There is no project ${agent}-agent`, 'Is the agent written in another language?')
  );
}
