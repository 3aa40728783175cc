import { newId } from '@askflash/config';
import {
  BrokerUnreachableError,
  connectMessaging,
  openConnection,
  type Messaging,
} from '@askflash/messaging';
import { connectRedisTasks, type RedisTasks } from '@askflash/redis-tasks';
import { until } from '@askflash/scenario-kit';
import type { ChannelModel } from 'amqplib';
import { createTemporaryVhost } from './temporary-vhost';

const NAME = 'conformance';
const CONNECT_TIMEOUT_MS = 5_000;
const SILENT = { log: () => undefined, warn: () => undefined };

export interface ServerUrls {
  readonly rabbitmqUrl: string;
  readonly rabbitmqManagementUrl: string;
  readonly redisUrl: string;
}

/** A corner of the stack’s servers that is one run’s own, and the connections to it. */
export interface Servers {
  /** As the agent is told. */
  readonly urls: {
    readonly rabbitmqUrl: string;
    readonly redisUrl: string;
    readonly redisKeyPrefix: string;
  };
  readonly broker: ChannelModel;
  readonly messaging: Messaging;
  readonly redisTasks: RedisTasks;
  /** Closes the connections and deletes the virtual host; never throws. */
  close(): Promise<void>;
}

/**
 * @throws {ManagementUnavailableError} the virtual host cannot be made
 * @throws {BrokerUnreachableError}
 */
export async function openServers(given: ServerUrls): Promise<Servers> {
  const closers: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const closeOne of closers.reverse()) {
      await Promise.resolve(closeOne()).catch(() => undefined);
    }
  };
  try {
    const vhost = await createTemporaryVhost(given);
    closers.push(() => vhost.delete());
    const urls = {
      rabbitmqUrl: vhost.url,
      redisUrl: given.redisUrl,
      redisKeyPrefix: `${NAME}:${newId()}:`,
    };
    const broker = await openConnection(vhost.url, { name: NAME, timeoutMs: CONNECT_TIMEOUT_MS });
    closers.push(() => broker.close());
    const messaging = await connectMessaging({ url: vhost.url, appName: NAME, logger: SILENT });
    closers.push(() => messaging.close({ graceMs: 0 }));
    if (!(await until(() => messaging.publisher.connected, CONNECT_TIMEOUT_MS))) {
      throw new BrokerUnreachableError('RabbitMQ does not answer on the run’s own virtual host');
    }
    const redisTasks = connectRedisTasks({ url: urls.redisUrl, keyPrefix: urls.redisKeyPrefix });
    closers.push(() => redisTasks.close());
    return { urls, broker, messaging, redisTasks, close };
  } catch (error) {
    await close();
    throw error;
  }
}
