import { setTimeout as delay } from 'node:timers/promises';
import { RabbitmqManagement, openConnection, vhostOf } from '@askflash/messaging';
import type { ChannelModel } from 'amqplib';

const RETRY_INTERVAL_MS = 250;
const REQUEST_TIMEOUT_MS = 10_000;

/** A broker that answers, by AMQP and by its management API. */
export interface Broker {
  readonly vhost: string;
  readonly connection: ChannelModel;
  readonly management: RabbitmqManagement;
}

export interface BrokerUrls {
  readonly rabbitmqUrl: string;
  readonly rabbitmqManagementUrl: string;
}

/**
 * Connects both ways, trying again until `waitMs` have passed; 0 tries once.
 *
 * @throws {BrokerUnreachableError} what the last try met
 * @throws {ManagementUnavailableError} likewise
 */
export async function connectBroker(urls: BrokerUrls, waitMs: number): Promise<Broker> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return await tryToConnect(urls);
    } catch (error) {
      const rest = deadline - performance.now();
      if (rest <= 0) throw error;
      await delay(Math.min(RETRY_INTERVAL_MS, rest));
    }
  }
}

async function tryToConnect(urls: BrokerUrls): Promise<Broker> {
  const management = new RabbitmqManagement(urls.rabbitmqManagementUrl, {
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  const connection = await openConnection(urls.rabbitmqUrl, {
    name: 'queue-init',
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  try {
    await management.version();
  } catch (error) {
    await connection.close();
    throw error;
  }
  return { vhost: vhostOf(urls.rabbitmqUrl), connection, management };
}
