import type { RabbitmqManagement } from '../management/rabbitmq-management';
import type { LiveBinding, LiveExchange, LivePolicy, LiveQueue } from '../management/schemas';

/** What a virtual host holds, RabbitMQ's own exchanges and bindings left out. */
export interface LiveTopology {
  readonly exchanges: readonly LiveExchange[];
  readonly queues: readonly LiveQueue[];
  readonly bindings: readonly LiveBinding[];
  readonly policies: readonly LivePolicy[];
}

/**
 * Reads what a virtual host holds.
 *
 * @throws {ManagementUnavailableError}
 */
export async function readLiveTopology(
  management: RabbitmqManagement,
  vhost: string,
): Promise<LiveTopology> {
  const [exchanges, queues, bindings, policies] = await Promise.all([
    management.exchanges(vhost),
    management.queues(vhost),
    management.bindings(vhost),
    management.policies(vhost),
  ]);
  return {
    exchanges: exchanges.filter(({ name }) => name !== '' && !name.startsWith('amq.')),
    queues,
    bindings: bindings.filter(({ source }) => source !== ''),
    policies,
  };
}

/** The virtual host an AMQP URL names. */
export function vhostOf(url: string): string {
  const path = new URL(url).pathname.slice(1);
  return path === '' ? '/' : decodeURIComponent(path);
}
