import { AGENTS, type AgentDefinition } from '@askflash/contracts';
import { PROBE_ANSWER_PREFIX } from '../probe-answers';
import {
  DEAD_LETTER_PREFIX,
  DEAD_LETTER_QUEUE,
  EVENTS_EXCHANGE,
  HEARTBEATS_QUEUE,
  RESPONSES_QUEUE,
  RESULTS_QUEUE,
  TASKS_EXCHANGE,
} from './topology';

/**
 * What one user may do in the backbone's virtual host: regular expressions over the names of queues
 * and exchanges, and for `mcp.events` over routing keys.
 */
export interface BrokerPermissions {
  /** The app's name, and its user's. */
  readonly user: string;
  /** `monitoring` lets it read all of the management API that tells no password; none keeps it out. */
  readonly tags: 'monitoring' | '';
  /** What it may declare and delete. */
  readonly configure: string;
  /** What it may publish to, and bind. */
  readonly write: string;
  /** What it may consume, purge, and bind to. */
  readonly read: string;
  /** Routing keys on `mcp.events` that it may publish, and bind by. */
  readonly topics: { readonly write: string; readonly read: string };
}

/** Queues that a connection has for itself, where answers to its probes come; nobody else sees them. */
const OWN_QUEUES = 'amq.gen-';
const DEFAULT_EXCHANGE = 'amq.default';
const NOTHING = '^$';

/** Everything but the jobs, which log in as an administrator. An agent's part follows from the registry. */
export const BROKER_PERMISSIONS: readonly BrokerPermissions[] = [
  {
    user: 'coordinator',
    tags: 'monitoring',
    configure: NOTHING,
    // Through the default exchange it sends dead letters back to the queue that they came from.
    write: oneOf([TASKS_EXCHANGE, EVENTS_EXCHANGE, DEFAULT_EXCHANGE]),
    read: oneOf([RESULTS_QUEUE, DEAD_LETTER_QUEUE]),
    topics: {
      write: startingWith(['task.', `${DEAD_LETTER_PREFIX}${RESULTS_QUEUE}`, PROBE_ANSWER_PREFIX]),
      read: NOTHING,
    },
  },
  {
    user: 'health-monitor',
    tags: 'monitoring',
    configure: startingWith([OWN_QUEUES]),
    // Through the default exchange it sends canaries into every queue.
    write: anyOf(oneOf([EVENTS_EXCHANGE, DEFAULT_EXCHANGE]), startingWith([OWN_QUEUES])),
    read: anyOf(oneOf([HEARTBEATS_QUEUE, EVENTS_EXCHANGE]), startingWith([OWN_QUEUES])),
    topics: {
      write: startingWith([`${DEAD_LETTER_PREFIX}${HEARTBEATS_QUEUE}`, PROBE_ANSWER_PREFIX]),
      read: startingWith([PROBE_ANSWER_PREFIX]),
    },
  },
  ...AGENTS.map(permissionsOfAgent),
  {
    // A tool of development: it stands in for agents that do not run.
    user: 'verify',
    tags: 'monitoring',
    configure: startingWith([OWN_QUEUES]),
    write: anyOf(oneOf([EVENTS_EXCHANGE, DEFAULT_EXCHANGE]), startingWith([OWN_QUEUES])),
    read: anyOf(
      oneOf([...AGENTS.map(({ queue }) => queue), RESPONSES_QUEUE, EVENTS_EXCHANGE]),
      startingWith([OWN_QUEUES]),
    ),
    topics: {
      write: startingWith(['task.', DEAD_LETTER_PREFIX, PROBE_ANSWER_PREFIX]),
      read: startingWith([PROBE_ANSWER_PREFIX]),
    },
  },
];

/** Reads its own queue and reports on its own stages: it can neither ask for work nor forge others'. */
function permissionsOfAgent({ name, queue, stages }: AgentDefinition): BrokerPermissions {
  return {
    user: `${name}-agent`,
    tags: '',
    configure: NOTHING,
    write: oneOf([EVENTS_EXCHANGE]),
    read: oneOf([queue]),
    topics: {
      write: anyOf(
        oneOf([
          ...stages.flatMap((stage) => reportsOf(stage)),
          `agent.heartbeat.${name}`,
          `${DEAD_LETTER_PREFIX}${queue}`,
        ]),
        startingWith([PROBE_ANSWER_PREFIX]),
      ),
      read: NOTHING,
    },
  };
}

function reportsOf(stage: string): string[] {
  return ['completed', 'failed', 'returned'].map((event) => `stage.${event}.${stage}`);
}

function oneOf(names: readonly string[]): string {
  return `^(${names.map(escape).join('|')})$`;
}

function startingWith(prefixes: readonly string[]): string {
  return `^(${prefixes.map(escape).join('|')})`;
}

function anyOf(...patterns: readonly string[]): string {
  return patterns.join('|');
}

function escape(text: string): string {
  return text.replaceAll('.', '\\.');
}
