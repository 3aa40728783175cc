import { isDeepStrictEqual } from 'node:util';
import type { LivePolicy, LiveQueue } from '../management/schemas';
import type { RabbitmqManagement } from '../management/rabbitmq-management';
import { POLICY_PRIORITY, type PolicyDefinition, type Topology } from './definitions';
import { toPolicy } from './definitions-export';
import { bindingName, type TopologyDifference } from './difference';
import { readLiveTopology, type LiveTopology } from './live-topology';
import { TOPOLOGY } from './topology';

/** Names the backbone claims for itself; what has another name is somebody else's. */
const OWN_NAME = /^mcp\.|\.task$/;

const NEVER_IN_PLACE =
  'Let its consumers finish, move or use up its messages, delete it, and run `queue-init apply`; nothing was deleted.';

/**
 * How a virtual host differs from what is wanted of it; empty where it does not.
 *
 * @throws {ManagementUnavailableError}
 */
export async function checkTopology(
  management: RabbitmqManagement,
  vhost: string,
  wanted: Topology = TOPOLOGY,
): Promise<TopologyDifference[]> {
  return diffTopology(await readLiveTopology(management, vhost), wanted);
}

/** Compares what is live with what is wanted. Pure. */
export function diffTopology(live: LiveTopology, wanted: Topology): TopologyDifference[] {
  return [
    ...diffExchanges(live, wanted),
    ...diffQueues(live, wanted),
    ...diffBindings(live, wanted),
    ...diffPolicies(live, wanted),
  ];
}

function diffExchanges(live: LiveTopology, wanted: Topology): TopologyDifference[] {
  const found = new Map(live.exchanges.map((exchange) => [exchange.name, exchange]));
  const differences = wanted.exchanges.flatMap(({ name, type }): TopologyDifference[] => {
    const exchange = found.get(name);
    if (!exchange) {
      return [{ kind: 'missing', thing: 'exchange', name, detail: `a durable ${type} exchange` }];
    }
    const problems = [
      exchange.type === type ? '' : `it is a ${exchange.type} exchange, not ${type}`,
      exchange.durable ? '' : 'it is not durable',
      exchange.auto_delete ? 'it deletes itself' : '',
      exchange.internal ? 'it is internal' : '',
      ...foreignArguments(exchange.arguments),
    ].filter(Boolean);
    return conflict('exchange', name, problems);
  });
  const names = new Set(wanted.exchanges.map(({ name }) => name));
  return [...differences, ...extras('exchange', found.keys(), names)];
}

function diffQueues(live: LiveTopology, wanted: Topology): TopologyDifference[] {
  const found = new Map(live.queues.map((queue) => [queue.name, queue]));
  const differences = wanted.queues.flatMap(({ name }): TopologyDifference[] => {
    const queue = found.get(name);
    if (!queue)
      return [{ kind: 'missing', thing: 'queue', name, detail: 'a durable quorum queue' }];
    return conflict('queue', name, queueProblems(queue));
  });
  const names = new Set(wanted.queues.map(({ name }) => name));
  const kept = live.queues.filter(({ exclusive }) => !exclusive).map(({ name }) => name);
  return [...differences, ...extras('queue', kept, names)];
}

function queueProblems(queue: LiveQueue): string[] {
  return [
    queue.type === 'quorum' ? '' : `it is a ${queue.type} queue, not quorum`,
    queue.durable ? '' : 'it is not durable',
    queue.auto_delete ? 'it deletes itself' : '',
    queue.exclusive ? 'it belongs to one connection' : '',
    ...foreignArguments(queue.arguments),
  ].filter(Boolean);
}

function foreignArguments(found: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(found)
    .filter((name) => name !== 'x-queue-type')
    .map((name) => `it was declared with the argument ${name}`);
}

function diffBindings(live: LiveTopology, wanted: Topology): TopologyDifference[] {
  const exchanges = new Set(wanted.exchanges.map(({ name }) => name));
  const queues = new Set(wanted.queues.map(({ name }) => name));
  const passing = new Set(live.queues.filter(({ exclusive }) => exclusive).map(({ name }) => name));
  const found = new Set(
    live.bindings
      .filter(({ source, destination }) => exchanges.has(source) || queues.has(destination))
      .filter(({ destination }) => !passing.has(destination))
      .map(({ source, destination, routing_key }) =>
        bindingName({ exchange: source, queue: destination, routingKey: routing_key }),
      ),
  );
  const names = new Set(wanted.bindings.map(bindingName));
  return [
    ...wanted.bindings
      .filter((binding) => !found.has(bindingName(binding)))
      .map((binding) => ({
        kind: 'missing' as const,
        thing: 'binding' as const,
        name: bindingName(binding),
        detail: binding.description,
      })),
    ...[...found]
      .filter((name) => !names.has(name))
      .map((name) => ({
        kind: 'extra' as const,
        thing: 'binding' as const,
        name,
        detail: 'a route nobody asked for',
      })),
  ];
}

function diffPolicies(live: LiveTopology, wanted: Topology): TopologyDifference[] {
  const found = new Map(live.policies.map((policy) => [policy.name, policy]));
  const names = new Set(wanted.policies.map(({ name }) => name));
  const differences = wanted.policies.flatMap((policy): TopologyDifference[] => {
    const { name, description } = policy;
    const livePolicy = found.get(name);
    const overriding = live.policies.filter((other) => !names.has(other.name));
    const conflicts = overriding.flatMap((other) => overrides(other, policy));
    if (!livePolicy) {
      return [{ kind: 'missing', thing: 'policy', name, detail: description }, ...conflicts];
    }
    const changes = policyChanges(livePolicy, policy);
    if (changes.length === 0) return conflicts;
    return [{ kind: 'changed', thing: 'policy', name, detail: changes.join('; ') }, ...conflicts];
  });
  return [...differences, ...extras('policy', found.keys(), names)];
}

function policyChanges(live: LivePolicy, policy: PolicyDefinition): string[] {
  const wanted = toPolicy(policy);
  const { definition } = wanted;
  const limits = new Set([...Object.keys(live.definition), ...Object.keys(definition)]);
  return [
    ...change('pattern', live.pattern, wanted.pattern),
    ...change('apply-to', live['apply-to'], wanted['apply-to']),
    ...change('priority', live.priority, wanted.priority),
    ...[...limits].flatMap((key) =>
      change(key, live.definition[key], new Map(Object.entries(definition)).get(key)),
    ),
  ];
}

function change(key: string, live: unknown, wanted: unknown): string[] {
  return isDeepStrictEqual(live, wanted) ? [] : [`${key}: ${show(live)} is to be ${show(wanted)}`];
}

/** RabbitMQ puts one policy in force, the one of the highest priority; between equals, any. */
function overrides(other: LivePolicy, policy: PolicyDefinition): TopologyDifference[] {
  if (other.priority < POLICY_PRIORITY || other['apply-to'] === 'exchanges') return [];
  if (OWN_NAME.test(other.name)) return []; // An extra of the backbone's own, told as such.
  const hit = policy.queues.filter((queue) => matches(other.pattern, queue));
  if (hit.length === 0) return [];
  return [
    {
      kind: 'conflict',
      thing: 'policy',
      name: policy.name,
      detail: `the policy ${other.name}, priority ${other.priority}, takes its place on ${hit.join(', ')}`,
      wayOut: `Give the policy ${other.name} a priority below ${POLICY_PRIORITY}, or a pattern that leaves these queues out.`,
    },
  ];
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return false; // RabbitMQ's expressions know more than JavaScript's; such a pattern is rare.
  }
}

function conflict(
  thing: 'exchange' | 'queue',
  name: string,
  problems: readonly string[],
): TopologyDifference[] {
  if (problems.length === 0) return [];
  return [{ kind: 'conflict', thing, name, detail: problems.join('; '), wayOut: NEVER_IN_PLACE }];
}

function extras(
  thing: TopologyDifference['thing'],
  found: Iterable<string>,
  wanted: ReadonlySet<string>,
): TopologyDifference[] {
  return [...found]
    .filter((name) => OWN_NAME.test(name) && !wanted.has(name))
    .map((name) => ({ kind: 'extra', thing, name, detail: 'it is not part of the topology' }));
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
