import type { Channel, ChannelModel } from 'amqplib';
import type { BrokerConnection } from '../connection/broker-connection';
import { BrokerUnreachableError } from '../errors';
import { QueueCounts, type QueueCount } from './queue-counts';

/** Counts by passive declaration, which closes its channel where the queue is missing. */
export class RabbitQueueCounts extends QueueCounts {
  constructor(private readonly connection: BrokerConnection) {
    super();
  }

  async read(queues: readonly string[]): Promise<ReadonlyMap<string, QueueCount>> {
    const model = this.connection.current;
    if (!model) throw unreachable(new Error('there is no connection'));
    const counts = new Map<string, QueueCount>();
    let channel: OpenChannel | undefined;
    try {
      for (const name of queues) {
        channel = channel?.isOpen ? channel : await openChannel(model);
        const count = await countOf(channel, name);
        if (count) counts.set(name, count);
      }
    } catch (error) {
      throw unreachable(error);
    } finally {
      if (channel?.isOpen) await channel.amqp.close().catch(() => undefined);
    }
    return counts;
  }
}

interface OpenChannel {
  readonly amqp: Channel;
  isOpen: boolean;
  /** Why the broker closed it. */
  code?: number;
}

async function openChannel(model: ChannelModel): Promise<OpenChannel> {
  const channel: OpenChannel = { amqp: await model.createChannel(), isOpen: true };
  channel.amqp.on('error', ({ code }: Error & { code?: number }) => (channel.code = code));
  channel.amqp.on('close', () => (channel.isOpen = false));
  return channel;
}

async function countOf(channel: OpenChannel, name: string): Promise<QueueCount | undefined> {
  try {
    const { messageCount, consumerCount } = await channel.amqp.checkQueue(name);
    return { name, ready: messageCount, consumers: consumerCount };
  } catch (error) {
    if (channel.code !== 404) throw error;
    channel.isOpen = false;
    return undefined;
  }
}

function unreachable(cause: unknown): BrokerUnreachableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BrokerUnreachableError(`The queues cannot be counted: ${reason}`, { cause });
}
