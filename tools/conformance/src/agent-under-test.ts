import { AGENTS, type AgentDefinition } from '@askflash/contracts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import type { CommandLine } from './command-line';
import { AgentUnknownError } from './errors';

const builtPackage = z.object({ name: z.string() });

/** Which agent is tested by which of its stages, and what starts it. */
export interface AgentUnderTest {
  readonly agent: AgentDefinition;
  readonly stage: string;
  readonly command: readonly string[];
}

/**
 * Finds the agent whose queue the command line names; run from the workspace’s root.
 *
 * @throws {AgentUnknownError} no agent has that queue or that stage, or the workspace’s is not built
 */
export function agentUnderTest({
  queue,
  stage: wanted,
  command,
}: Pick<CommandLine, 'queue' | 'stage' | 'command'>): AgentUnderTest {
  const agent = AGENTS.find((each) => each.queue === queue);
  if (!agent) {
    const queues = AGENTS.map((each) => each.queue).join(', ');
    throw new AgentUnknownError(`No agent has the queue ${queue}; there are ${queues}`);
  }
  const stage = wanted ?? agent.stages[0];
  if (stage === undefined || !agent.stages.includes(stage)) {
    throw new AgentUnknownError(
      `${agent.name} has no stage ${stage}; it has ${agent.stages.join(', ')}`,
    );
  }
  if (command.length > 0) return { agent, stage, command };
  return { agent, stage, command: [process.execPath, '--enable-source-maps', builtAgent(agent)] };
}

/** The entry point of the workspace's own agent: wherever its app is, the build names its package. */
function builtAgent({ name }: AgentDefinition): string {
  const apps = resolve('dist/apps');
  const files = existsSync(apps) ? readdirSync(apps, { recursive: true, encoding: 'utf8' }) : [];
  const manifest = files
    .filter((file) => basename(file) === 'package.json')
    .map((file) => join(apps, file))
    .find(
      (file) => builtPackage.parse(JSON.parse(readFileSync(file, 'utf8'))).name === `${name}-agent`,
    );
  if (!manifest)
    throw new AgentUnknownError(`${name}-agent is not built: ${apps} does not have it`);
  return join(dirname(manifest), 'main.js');
}
