/** Declared things of RabbitMQ, as data. */

export interface ExchangeDefinition {
  readonly name: string;
  readonly type: 'direct' | 'topic';
  readonly description: string;
}

/** A durable quorum queue; its limits are its policy's, because a queue's arguments can never change. */
export interface QueueDefinition {
  readonly name: string;
  readonly description: string;
}

export interface BindingDefinition {
  readonly exchange: string;
  readonly queue: string;
  /** A pattern where the exchange is a topic exchange. */
  readonly routingKey: string;
  readonly description: string;
}

/** Keys that RabbitMQ 3.10 to 4.x all know for quorum queues. */
export interface PolicyLimits {
  readonly 'delivery-limit'?: number;
  readonly 'max-length'?: number;
  readonly 'max-length-bytes'?: number;
  readonly 'message-ttl'?: number;
  readonly overflow?: 'reject-publish' | 'drop-head';
  readonly 'dead-letter-exchange'?: string;
  readonly 'dead-letter-routing-key'?: string;
  readonly 'dead-letter-strategy'?: 'at-least-once' | 'at-most-once';
}

export interface PolicyDefinition {
  readonly name: string;
  readonly description: string;
  /** The queues it applies to; a queue has exactly one policy. */
  readonly queues: readonly string[];
  readonly limits: PolicyLimits;
}

export interface Topology {
  readonly exchanges: readonly ExchangeDefinition[];
  readonly queues: readonly QueueDefinition[];
  readonly bindings: readonly BindingDefinition[];
  readonly policies: readonly PolicyDefinition[];
}

/** Above policies that somebody set for every queue of a broker, which most often have 0. */
export const POLICY_PRIORITY = 10;

/** The regular expression by which RabbitMQ finds a policy's queues. */
export function policyPattern({ queues }: PolicyDefinition): string {
  return `^(${queues.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
}
