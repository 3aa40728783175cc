import { newId } from '@askflash/config';
import { DEAD_LETTER_HEADERS, DEAD_LETTER_QUEUE } from '@askflash/messaging';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
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
      const message = await this.channel.get(DEAD_LETTER_QUEUE, { noAck: true });
      if (!message) return letters;
      const { messageId, headers } = message.properties;
      letters.push({
        id: String(messageId),
        reason: String(headers?.[DEAD_LETTER_HEADERS.reason]),
      });
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
