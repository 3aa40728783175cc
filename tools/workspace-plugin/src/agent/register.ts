import { agentDefinition } from '@askflash/contracts';
import type { Tree } from '@nx/devkit';
import { refuse } from '../support/errors';
import { readRegistry, writeRegistry } from '../support/registry';
import type { NewAgent } from './options';

/**
 * Puts the agent into the registry, from which its queue, its policy and its routes follow.
 *
 * @throws {GeneratorRefusedError} where an option is not what the registry takes
 */
export function register(
  tree: Tree,
  { name, queue, stage, description, concurrency }: NewAgent,
): void {
  const { data, error } = agentDefinition.safeParse({
    name: name.kebab,
    queue,
    stages: [stage.snake],
    description,
    ...(concurrency !== undefined && { concurrency }),
  });
  if (!data) {
    const problems = error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    refuse(`The agent cannot be registered: ${problems.join('; ')}`, 'Take other options');
  }
  writeRegistry(tree, [...readRegistry(tree), data]);
}
