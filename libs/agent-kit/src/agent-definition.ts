import { AGENTS, type AgentDefinition } from '@askflash/contracts';
import { agentOptionsOf, type StageHandlerExtras } from './decorators';
import { AgentDefinitionInvalidError } from './errors';

/**
 * Checks that the handlers found fit one agent of the registry: each of its stages exactly once and
 * no others.
 *
 * @throws {AgentDefinitionInvalidError} naming the decorator to add, move or remove
 */
export function resolveAgent(
  handlers: readonly StageHandlerExtras[],
  registry: readonly AgentDefinition[] = AGENTS,
): AgentDefinition {
  const agent = findAgent(handlers, registry);
  for (const { stage, agentClass, method } of handlers) {
    if (!agent.stages.includes(stage)) {
      throw invalid(
        `@Stage('${stage}') on ${placeOf(agentClass, method)} is not a stage of agent ` +
          `'${agent.name}' (${agent.stages.join(', ')})`,
        { agent: agent.name, stage },
      );
    }
  }
  for (const stage of agent.stages) {
    const found = handlers.filter((handler) => handler.stage === stage);
    if (found.length === 0) {
      throw invalid(`Agent '${agent.name}' has no method with @Stage('${stage}')`, {
        agent: agent.name,
        stage,
      });
    }
    if (found.length > 1) {
      const places = found.map(({ agentClass, method }) => placeOf(agentClass, method));
      throw invalid(`@Stage('${stage}') stands twice: ${places.join(' and ')}`, {
        agent: agent.name,
        stage,
      });
    }
  }
  return agent;
}

function findAgent(
  handlers: readonly StageHandlerExtras[],
  registry: readonly AgentDefinition[],
): AgentDefinition {
  const classes = [...new Set(handlers.map(({ agentClass }) => agentClass))];
  if (classes.length === 0) {
    throw invalid('No method has @Stage: is the class with @Agent among the module’s controllers?');
  }
  const options = classes.map((agentClass) => {
    const found = agentOptionsOf(agentClass);
    if (!found) throw invalid(`${nameOf(agentClass)} has @Stage methods but no @Agent`);
    return found;
  });
  const [first, ...others] = options;
  const agent = registry.find(({ name }) => name === first?.name);
  if (!first || !agent) {
    throw invalid(`@Agent('${first?.name}') is not in the registry`, { agent: first?.name });
  }
  if (others.some(({ name }) => name !== first.name)) {
    throw invalid('One process is one agent, but the module has several @Agent names', {
      agents: options.map(({ name }) => name),
    });
  }
  if (options.some(({ queue }) => queue !== agent.queue)) {
    throw invalid(`@Agent('${agent.name}') must name the queue '${agent.queue}'`, {
      agent: agent.name,
      queue: agent.queue,
    });
  }
  return agent;
}

function invalid(
  message: string,
  fields: Record<string, unknown> = {},
): AgentDefinitionInvalidError {
  return new AgentDefinitionInvalidError(message, { fields });
}

function placeOf(agentClass: object, method: string): string {
  return `${nameOf(agentClass)}.${method}`;
}

function nameOf(agentClass: object): string {
  return typeof agentClass === 'function' ? agentClass.name : 'a class';
}
