import { DEAD_LETTER_QUEUE, bindingName, type Topology } from '@askflash/messaging';

/** A way into a queue, and the routing key by which a probe takes it. */
export interface Route {
  readonly name: string;
  /** Empty for the default exchange. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly queue: string;
}

/** Every binding, and the default exchange's way into the dead-letter queue. */
export function routesOf({ bindings }: Topology): Route[] {
  return [
    ...bindings.map((binding) => ({
      name: bindingName(binding),
      exchange: binding.exchange,
      routingKey: binding.routingKey.replace(/[#*]/g, 'probe'),
      queue: binding.queue,
    })),
    {
      name: `default exchange → ${DEAD_LETTER_QUEUE}`,
      exchange: '',
      routingKey: DEAD_LETTER_QUEUE,
      queue: DEAD_LETTER_QUEUE,
    },
  ];
}
