import { z } from 'zod';
import registry from './agent-registry.json';
import { NAME } from './scalars';

/**
 * Glossary
 *
 * - *stage*: one step of a task's DAG, by name.
 * - *agent*: a kind of process that works stages off; it may run as many instances.
 * - *queue*: the RabbitMQ queue that carries an agent's stages; one queue an agent.
 */

/** One kind of agent: a new one is an entry of `agent-registry.json`; queue, policy and routes follow. */
export const agentDefinition = z.strictObject({
  /** Unique, lower case: `websearch`. */
  name: NAME,
  /** Its queue, by convention `<name>.task`. */
  queue: z
    .string()
    .max(100)
    .regex(
      /^(?!mcp\.|amq\.)[a-z][a-z0-9]*([._-][a-z0-9]+)*$/,
      'must be lower case, parted by . _ or -',
    ),
  /** The stages it works off; a stage belongs to exactly one agent. */
  stages: z.array(NAME).min(1).readonly(),
  /** One line for the reference and the status page. */
  description: z.string().min(1).max(200),
  /** How many stages an instance works off at once unless AGENT_CONCURRENCY_COUNT says; else 10. */
  concurrency: z.int().min(1).max(1000).optional(),
});
export type AgentDefinition = Readonly<z.output<typeof agentDefinition>>;

/** Stages that the coordinator works off itself, inside the transition that requests them. */
export const COORDINATOR_STAGES: readonly string[] = ['response_packaging'];

/** A registry: no name, queue or stage stands in it twice, and no stage is the coordinator's. */
export const agentRegistry = z
  .array(agentDefinition)
  .superRefine((agents, context) => {
    const once = (what: string, taken: readonly string[]): void => {
      const twice = taken.filter((one, index) => taken.indexOf(one) !== index);
      for (const one of new Set(twice)) {
        context.addIssue({ code: 'custom', message: `the ${what} ${one} is taken twice` });
      }
    };
    once(
      'name',
      agents.map(({ name }) => name),
    );
    once(
      'queue',
      agents.map(({ queue }) => queue),
    );
    once('stage', [...COORDINATOR_STAGES, ...agents.flatMap(({ stages }) => stages)]);
  })
  .readonly();

/** Every agent the backbone carries work for, as `agent-registry.json` lists them. */
export const AGENTS: readonly AgentDefinition[] = registry;

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
