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

/** How `connectBroker` goes about it. */
export interface ConnectOptions {
  /** How long to try, in milliseconds; 0 tries once. */
  readonly waitMs: number;
  /** Whether to make the virtual host where it is missing. */
  readonly makeVhost?: boolean;
}

/**
 * Connects both ways, trying again for a while.
 *
 * @throws {BrokerUnreachableError} what the last try met
 * @throws {ManagementUnavailableError} likewise
 */
export async function connectBroker(
  urls: BrokerUrls,
  { waitMs, makeVhost = false }: ConnectOptions,
): Promise<Broker> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return await tryToConnect(urls, makeVhost);
    } catch (error) {
      const rest = deadline - performance.now();
      if (rest <= 0) throw error;
      await delay(Math.min(RETRY_INTERVAL_MS, rest));
    }
  }
}

async function tryToConnect(urls: BrokerUrls, makeVhost: boolean): Promise<Broker> {
  const management = new RabbitmqManagement(urls.rabbitmqManagementUrl, {
    timeoutMs: REQUEST_TIMEOUT_MS,
  });
  const vhost = vhostOf(urls.rabbitmqUrl);
  if (makeVhost && !(await management.vhosts()).includes(vhost)) {
    await management.createVhost(vhost, decodeURIComponent(new URL(urls.rabbitmqUrl).username));
  }
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
  return { vhost, connection, management };
}
