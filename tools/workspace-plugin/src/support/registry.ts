import { COORDINATOR_STAGES, agentRegistry, type AgentDefinition } from '@askflash/contracts';
import { readJson, writeJson, type Tree } from '@nx/devkit';
import { refuse } from './errors';

const REGISTRY = 'libs/contracts/src/agent-registry.json';

/**
 * The agents as the workspace has them.
 *
 * @throws {GeneratorRefusedError} where the registry is not one
 */
export function readRegistry(tree: Tree): readonly AgentDefinition[] {
  const parsed = agentRegistry.safeParse(readRegistryFile(tree));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.length > 0 ? `${path.join('.')} ` : ''}${message}`,
  );
  refuse(`${REGISTRY} is no registry: ${problems.join('; ')}`, 'Mend it first');
}

function readRegistryFile(tree: Tree): unknown {
  try {
    return readJson(tree, REGISTRY);
  } catch (error) {
    refuse(`${REGISTRY} cannot be read: ${String(error)}`, 'Mend it first');
  }
}

export function writeRegistry(tree: Tree, agents: readonly AgentDefinition[]): void {
  writeJson(tree, REGISTRY, agents);
}

/** @throws {GeneratorRefusedError} where there is no such agent */
export function agentNamed(tree: Tree, name: string): AgentDefinition {
  const agents = readRegistry(tree);
  const known = agents.map((agent) => agent.name).join(', ');
  return (
    agents.find((agent) => agent.name === name) ??
    refuse(`There is no agent ${name}`, `Take one of ${known}`)
  );
}

/** @throws {GeneratorRefusedError} where somebody works the stage off already */
export function refuseTakenStage(tree: Tree, stage: string): void {
  const owner = COORDINATOR_STAGES.includes(stage)
    ? 'the coordinator'
    : readRegistry(tree).find(({ stages }) => stages.includes(stage))?.name;
  if (owner) refuse(`The stage ${stage} is worked off by ${owner}`, 'Take another name');
}
