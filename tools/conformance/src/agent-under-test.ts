import { AGENTS, type AgentDefinition } from '@askflash/contracts';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandLine } from './command-line';
import { AgentUnknownError } from './errors';

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
  const main = resolve(`dist/apps/agents/${agent.name}/main.js`);
  if (!existsSync(main)) {
    throw new AgentUnknownError(`${agent.name} is not built here: ${main} is missing`);
  }
  return { agent, stage, command: [process.execPath, '--enable-source-maps', main] };
}
