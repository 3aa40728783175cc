import registry from './agents.json';

/**
 * Glossary
 *
 * - *stage*: one step of a task's DAG, by name.
 * - *agent*: a kind of process that works stages off; it may run as many instances.
 * - *queue*: the RabbitMQ queue that carries an agent's stages; one queue an agent.
 */

/** One kind of agent: a new agent is one entry in `agents.json`; its queue, policy and routes follow. */
export interface AgentDefinition {
  /** Unique, lower case: `websearch`. */
  readonly name: string;
  /** Its queue, `<name>.task`. */
  readonly queue: string;
  /** The stages it works off; a stage belongs to exactly one agent. */
  readonly stages: readonly string[];
  /** One line for the reference and the status page. */
  readonly description: string;
  /** How many stages an instance works off at once unless AGENT_CONCURRENCY_COUNT says; else 10. */
  readonly concurrency?: number;
}

/** Every agent the backbone carries work for, as `agents.json` lists them. */
export const AGENTS: readonly AgentDefinition[] = registry;

/** Stages that the coordinator works off itself, inside the transition that requests them. */
export const COORDINATOR_STAGES: readonly string[] = ['response_packaging'];

/** Every stage a template may name. */
export const STAGE_NAMES: readonly string[] = [
  ...AGENTS.flatMap((agent) => agent.stages),
  ...COORDINATOR_STAGES,
];

const agentsByStage = new Map(
  AGENTS.flatMap((agent) => agent.stages.map((stage) => [stage, agent] as const)),
);

/** The agent that works a stage off; undefined for the coordinator's own stages and unknown ones. */
export function agentByStage(stage: string): AgentDefinition | undefined {
  return agentsByStage.get(stage);
}

/** The queue a stage's work goes to; undefined for the coordinator's own stages and unknown ones. */
export function queueOfStage(stage: string): string | undefined {
  return agentsByStage.get(stage)?.queue;
}
