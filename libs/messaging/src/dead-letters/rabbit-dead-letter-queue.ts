import type { Channel } from 'amqplib';
import type { BrokerConnection } from '../connection/broker-connection';
import { BrokerUnreachableError, DeadLetterUnreturnableError } from '../errors';
import type { ConfirmedSender } from '../publisher/confirmed-sender';
import { DEAD_LETTER_QUEUE, TOPOLOGY } from '../topology/topology';
import {
  DeadLetterQueue,
  type CheckedOut,
  type CheckOutBounds,
  type DeadLetter,
} from './dead-letter-queue';
import { readDeadLetters, type ReadDeadLetter } from './read-dead-letters';
import { takeMessages } from './take-messages';
import { toRedriven } from './to-redriven';

const DEFAULT_BOUNDS = { maxCount: 10_000, maxBytes: 32 * 1024 * 1024, timeoutMs: 10_000 };

/** Where a message may be sent back to, whatever its headers say. */
const WORK_QUEUES = new Set(
  TOPOLOGY.queues.map(({ name }) => name).filter((name) => name !== DEAD_LETTER_QUEUE),
);

/** Checks dead letters out on a channel that lives for one piece of work. */
export class RabbitDeadLetterQueue extends DeadLetterQueue {
  constructor(
    private readonly connection: BrokerConnection,
    private readonly sender: ConfirmedSender,
  ) {
    super();
  }

  async checkOut<T>(
    work: (checkedOut: CheckedOut) => Promise<T>,
    bounds: CheckOutBounds = {},
  ): Promise<T> {
    const { channel, signal } = await this.openChannel();
    try {
      const { messages, complete } = await takeMessages(channel, DEAD_LETTER_QUEUE, {
        ...DEFAULT_BOUNDS,
        ...bounds,
      }).catch((error: unknown) => {
        throw unusable(error);
      });
      const read = readDeadLetters(messages);
      const byId = new Map(read.map((each) => [each.letter.id, each]));
      return await work({
        letters: read.map(({ letter }) => letter),
        complete,
        signal,
        sendBack: async (letter) => {
          if (signal.aborted) throw unusable(new Error('the channel was lost'));
          await this.sendBack(channel, byId, letter);
        },
      });
    } finally {
      await giveBack(channel);
    }
  }

  private async openChannel(): Promise<{ channel: Channel; signal: AbortSignal }> {
    const model = this.connection.current;
    if (!model) throw unusable(new Error('there is no connection'));
    const lost = new AbortController();
    const channel = await model.createChannel().catch((error: unknown) => {
      throw unusable(error);
    });
    channel.on('error', () => {}); // The call under way rejects; amqplib needs the listener.
    channel.on('close', () => lost.abort());
    return { channel, signal: lost.signal };
  }

  private async sendBack(
    channel: Channel,
    byId: ReadonlyMap<string, ReadDeadLetter>,
    { id, queue }: DeadLetter,
  ): Promise<void> {
    const found = byId.get(id);
    if (!found || queue === null || !WORK_QUEUES.has(queue)) {
      throw new DeadLetterUnreturnableError(id, queue);
    }
    const { message, messageId } = found;
    await this.sender.send(toRedriven(message, { messageId, queue }));
    try {
      channel.ack(message);
    } catch {
      // The channel was lost meanwhile: it is back among the dead letters as well.
    }
  }
}

/**
 * Gives back what is unacknowledged. `nack` where handlers use `reject`: RabbitMQ 4.3 and later do
 * not count it as a delivery, and looking at a message is none.
 */
async function giveBack(channel: Channel): Promise<void> {
  try {
    channel.nackAll(true);
    await channel.close();
  } catch {
    // The channel is gone, and the broker has taken everything back.
  }
}

function unusable(cause: unknown): BrokerUnreachableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BrokerUnreachableError(`The queue ${DEAD_LETTER_QUEUE} cannot be used: ${reason}`, {
    fields: { queue: DEAD_LETTER_QUEUE },
    cause,
  });
}
