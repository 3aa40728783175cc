import {
  POLICY_PRIORITY,
  policyPattern,
  type PolicyDefinition,
  type PolicyLimits,
  type Topology,
} from './definitions';

/** RabbitMQ's definitions file, which `load_definitions` and `rabbitmqctl import_definitions` take. */
export interface Definitions {
  readonly exchanges: readonly {
    readonly name: string;
    readonly vhost: string;
    readonly type: string;
    readonly durable: true;
    readonly auto_delete: false;
    readonly internal: false;
    readonly arguments: Record<string, never>;
  }[];
  readonly queues: readonly {
    readonly name: string;
    readonly vhost: string;
    readonly durable: true;
    readonly auto_delete: false;
    readonly arguments: typeof QUEUE_ARGUMENTS;
  }[];
  readonly bindings: readonly {
    readonly source: string;
    readonly vhost: string;
    readonly destination: string;
    readonly destination_type: 'queue';
    readonly routing_key: string;
    readonly arguments: Record<string, never>;
  }[];
  readonly policies: readonly (WantedPolicy & { readonly name: string; readonly vhost: string })[];
}

/** A policy as the management API and definitions files have it. */
export interface WantedPolicy {
  readonly pattern: string;
  readonly 'apply-to': 'queues';
  readonly priority: number;
  readonly definition: PolicyLimits;
}

/** The only argument a queue has: arguments can never change, policies can. */
export const QUEUE_ARGUMENTS = { 'x-queue-type': 'quorum' } as const;

/** The form of a policy that RabbitMQ takes. */
export function toPolicy(policy: PolicyDefinition): WantedPolicy {
  return {
    pattern: policyPattern(policy),
    'apply-to': 'queues',
    priority: POLICY_PRIORITY,
    definition: policy.limits,
  };
}

/** A topology as a definitions file for one virtual host. */
export function toDefinitions(topology: Topology, vhost: string): Definitions {
  return {
    exchanges: topology.exchanges.map(({ name, type }) => ({
      name,
      vhost,
      type,
      durable: true,
      auto_delete: false,
      internal: false,
      arguments: {},
    })),
    queues: topology.queues.map(({ name }) => ({
      name,
      vhost,
      durable: true,
      auto_delete: false,
      arguments: QUEUE_ARGUMENTS,
    })),
    bindings: topology.bindings.map(({ exchange, queue, routingKey }) => ({
      source: exchange,
      vhost,
      destination: queue,
      destination_type: 'queue',
      routing_key: routingKey,
      arguments: {},
    })),
    policies: topology.policies.map((policy) => ({
      ...toPolicy(policy),
      name: policy.name,
      vhost,
    })),
  };
}
