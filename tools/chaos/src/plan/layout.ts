import { AGENTS } from '@askflash/contracts';

/** The servers that a run has for itself. */
export const SERVER_NAMES = ['postgres', 'redis', 'rabbitmq'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

/** What an app is a client of, by the variable that says where it is. */
export const VARIABLES = {
  postgres: 'DATABASE_URL',
  redis: 'REDIS_URL',
  rabbitmq: 'RABBITMQ_URL',
  management: 'RABBITMQ_MANAGEMENT_URL',
} as const;
export type Endpoint = keyof typeof VARIABLES;

/** A place that one process at a time fills; who is killed is replaced. */
export interface Place {
  readonly name: string;
  /** The agent's name in the registry; undefined for a coordinator. */
  readonly agent: string | undefined;
  readonly endpoints: readonly Endpoint[];
  /** No fault ends or freezes it, so that its memory can be watched. */
  readonly spared: boolean;
  /** It runs the older version. */
  readonly isPrevious: boolean;
}

/** All that can be harmed, by name: known before anything is started. */
export interface Layout {
  readonly places: readonly Place[];
  /** `<place>><endpoint>` and `client><coordinator>`: each a TCP proxy. */
  readonly links: readonly string[];
  readonly queues: readonly string[];
}

/** Those that answer most of the stages run twice. */
const DOUBLED = ['embedding', 'executor'];

/** Two coordinators and seven agents; in a long run also one of each that is spared. */
export function layoutOf(options: {
  readonly isLong: boolean;
  readonly hasPrevious: boolean;
}): Layout {
  const places = [
    coordinator('coordinator-1'),
    coordinator('coordinator-2'),
    ...(options.hasPrevious ? [coordinator('coordinator-previous', { isPrevious: true })] : []),
    ...(options.isLong ? [coordinator('coordinator-spared', { spared: true })] : []),
    ...AGENTS.flatMap(({ name }) => [
      agent(`${name}-1`, name),
      ...(DOUBLED.includes(name) ? [agent(`${name}-2`, name)] : []),
      ...(options.isLong && name === 'executor' ? [agent('executor-spared', name, true)] : []),
    ]),
  ];
  return {
    places,
    links: places.flatMap((place) => [
      ...place.endpoints.map((endpoint) => linkName(place.name, endpoint)),
      ...(place.agent === undefined ? [linkName('client', place.name)] : []),
    ]),
    queues: [...AGENTS.map(({ queue }) => queue), 'mcp.results'],
  };
}

export function linkName(from: string, to: string): string {
  return `${from}>${to}`;
}

function coordinator(name: string, { spared = false, isPrevious = false } = {}): Place {
  return {
    name,
    agent: undefined,
    endpoints: ['postgres', 'redis', 'rabbitmq', 'management'],
    spared,
    isPrevious,
  };
}

function agent(name: string, kind: string, spared = false): Place {
  return { name, agent: kind, endpoints: ['redis', 'rabbitmq'], spared, isPrevious: false };
}
