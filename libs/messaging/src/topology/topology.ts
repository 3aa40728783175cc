import { AGENTS } from '@askflash/contracts';
import type { BindingDefinition, Topology } from './definitions';

export const TASKS_EXCHANGE = 'mcp.tasks';
export const EVENTS_EXCHANGE = 'mcp.events';
export const RESPONSES_QUEUE = 'mcp.responses';
export const RESULTS_QUEUE = 'mcp.results';
export const HEARTBEATS_QUEUE = 'mcp.heartbeats';
export const DEAD_LETTER_QUEUE = 'mcp.dead_letter';

/** Before the name of a queue: the routing key on `mcp.events` of what its consumer dead-letters. */
export const DEAD_LETTER_PREFIX = 'dead_letter.';

const TEN_MINUTES_MS = 600_000;
const HALF_A_MINUTE_MS = 30_000;
const ONE_GIBIBYTE = 1024 ** 3;

/** Full queues refuse, so that the sender knows; what fails too often is kept, with its history. */
const KEEP_EVERYTHING = {
  'max-length': 100_000,
  'max-length-bytes': ONE_GIBIBYTE,
  overflow: 'reject-publish',
  'dead-letter-exchange': '',
  'dead-letter-routing-key': DEAD_LETTER_QUEUE,
  'dead-letter-strategy': 'at-least-once',
} as const;

const toTasks = (queue: string, description: string): BindingDefinition => ({
  exchange: TASKS_EXCHANGE,
  queue,
  routingKey: queue,
  description,
});

const toEvents = (queue: string, routingKey: string, description: string): BindingDefinition => ({
  exchange: EVENTS_EXCHANGE,
  queue,
  routingKey,
  description,
});

/** Everything the backbone needs of a virtual host. An agent's part follows from the registry. */
export const TOPOLOGY: Topology = {
  exchanges: [
    { name: TASKS_EXCHANGE, type: 'direct', description: 'Work, to the queue it is named after' },
    { name: EVENTS_EXCHANGE, type: 'topic', description: 'What happened, to whoever listens' },
  ],
  queues: [
    ...AGENTS.map(({ queue, name, description }) => ({
      name: queue,
      description: `Stages for the ${name} agent: ${description}`,
    })),
    { name: RESPONSES_QUEUE, description: 'Final responses; a copy, for whoever wants them' },
    { name: RESULTS_QUEUE, description: 'Outcomes of stages, for the coordinator' },
    { name: HEARTBEATS_QUEUE, description: 'Signs of life, for the health-monitor' },
    { name: DEAD_LETTER_QUEUE, description: 'What could not be handled, with its reason' },
  ],
  bindings: [
    ...AGENTS.map(({ queue, name }) => toTasks(queue, `Work for the ${name} agent`)),
    ...AGENTS.flatMap(({ queue, name, stages }) =>
      stages.map((stage) =>
        toEvents(
          queue,
          `stage.returned.${stage}`,
          `What an instance of the ${name} agent gives back`,
        ),
      ),
    ),
    toTasks(RESPONSES_QUEUE, 'Responses sent by name'),
    toEvents(RESULTS_QUEUE, 'stage.completed.#', 'Stages that succeeded'),
    toEvents(RESULTS_QUEUE, 'stage.failed.#', 'Stages that failed'),
    toEvents(HEARTBEATS_QUEUE, 'agent.heartbeat.#', 'Heartbeats of every agent'),
    toEvents(RESPONSES_QUEUE, 'task.*', 'Tasks that ended'),
    toEvents(DEAD_LETTER_QUEUE, `${DEAD_LETTER_PREFIX}#`, 'What its consumer could not handle'),
  ],
  policies: [
    {
      name: 'mcp.task-queues',
      description:
        'Refuses when full; a message that came back five times is dead-lettered when it does again',
      queues: AGENTS.map(({ queue }) => queue),
      limits: { ...KEEP_EVERYTHING, 'delivery-limit': 5 },
    },
    {
      name: 'mcp.results',
      description: 'As task queues, with more patience: a result may wait for the database',
      queues: [RESULTS_QUEUE],
      limits: { ...KEEP_EVERYTHING, 'delivery-limit': 20 },
    },
    {
      name: 'mcp.responses',
      description: 'The newest ten thousand of ten minutes; PostgreSQL has them all',
      queues: [RESPONSES_QUEUE],
      limits: { 'message-ttl': TEN_MINUTES_MS, 'max-length': 10_000, overflow: 'drop-head' },
    },
    {
      name: 'mcp.heartbeats',
      description: 'Lossy: an old heartbeat tells nothing',
      queues: [HEARTBEATS_QUEUE],
      limits: { 'message-ttl': HALF_A_MINUTE_MS, 'max-length': 10_000, overflow: 'drop-head' },
    },
    {
      name: 'mcp.dead-letter',
      description:
        'Bounded, so that a flood of bad messages harms nobody; looking at a message never loses it',
      queues: [DEAD_LETTER_QUEUE],
      limits: {
        'delivery-limit': 1_000_000_000,
        'max-length': 100_000,
        'max-length-bytes': ONE_GIBIBYTE,
        overflow: 'drop-head',
      },
    },
  ],
};
