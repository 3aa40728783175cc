import { newId } from '@askflash/config';
import { DEAD_LETTER_HEADERS, DEAD_LETTER_QUEUE } from '@askflash/messaging';
import { connect, type ChannelModel, type ConfirmChannel, type ConsumeMessage } from 'amqplib';
import type { RawMessage } from './bus-messages';

/** A dead letter: what it was, and why it is one. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string;
}

/** A client of the broker that keeps to no contract. */
export class HostileSender {
  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
  ) {}

  static async connect(url: string): Promise<HostileSender> {
    const connection = await connect(url);
    return new HostileSender(connection, await connection.createConfirmChannel());
  }

  /** Sends messages, each under an id: theirs, in order. */
  async send(
    exchange: string,
    routingKey: string,
    messages: readonly RawMessage[],
  ): Promise<string[]> {
    const ids = messages.map(({ headers, body }) => {
      const messageId = newId();
      this.channel.publish(exchange, routingKey, body, { headers, messageId, persistent: true });
      return messageId;
    });
    await this.channel.waitForConfirms();
    return ids;
  }

  /** Takes all dead letters out of their queue. */
  async takeDeadLetters(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (;;) {
      const { messageCount } = await this.channel.checkQueue(DEAD_LETTER_QUEUE);
      if (messageCount === 0) return letters;
      letters.push(...(await this.take(messageCount)));
    }
  }

  /** Has at least so many delivered, which is quicker than to ask for each. */
  private async take(count: number): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    const consumerTag = newId();
    await new Promise<void>((resolve, reject) => {
      const keep = (message: ConsumeMessage | null): void => {
        if (!message) return;
        const { messageId, headers } = message.properties;
        const reason = String(headers?.[DEAD_LETTER_HEADERS.reason]);
        letters.push({ id: String(messageId), reason });
        if (letters.length === count) resolve();
      };
      this.channel.consume(DEAD_LETTER_QUEUE, keep, { consumerTag, noAck: true }).catch(reject);
    });
    await this.channel.cancel(consumerTag);
    return letters;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
