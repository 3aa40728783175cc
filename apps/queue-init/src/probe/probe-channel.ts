import { setTimeout as delay } from 'node:timers/promises';
import { PROBE_HEADER } from '@askflash/contracts';
import type { ChannelModel, ConfirmChannel } from 'amqplib';

const REPLY_QUEUE = 'amq.rabbitmq.reply-to';
const ANSWER_TIMEOUT_MS = 2_000;
const SETTLE_TRIES = 10;
const SETTLE_INTERVAL_MS = 100;

/** A channel that sends probes and gets their answers, over RabbitMQ's direct reply-to. */
export class ProbeChannel {
  private readonly returned = new Set<string>();
  private readonly awaited = new Map<string, () => void>();

  private constructor(private readonly channel: ConfirmChannel) {
    channel.on('error', () => {}); // The call that failed rejects.
    channel.on('return', ({ properties }) => this.returned.add(String(properties.messageId)));
  }

  static async open(connection: ChannelModel): Promise<ProbeChannel> {
    const probes = new ProbeChannel(await connection.createConfirmChannel());
    await probes.channel.consume(
      REPLY_QUEUE,
      (answer) => probes.awaited.get(String(answer?.properties.correlationId))?.(),
      { noAck: true },
    );
    return probes;
  }

  /**
   * A queue's ready messages and consumers. Messages that wait with nobody to consume them may be
   * probes of another `queue-init` that it takes back right now, so it looks more than once.
   */
  async settledState(queue: string): Promise<{ messages: number; consumers: number }> {
    for (let left = SETTLE_TRIES; ; left -= 1) {
      const { messageCount, consumerCount } = await this.channel.checkQueue(queue);
      if (messageCount === 0 || consumerCount > 0 || left === 0) {
        return { messages: messageCount, consumers: consumerCount };
      }
      await delay(SETTLE_INTERVAL_MS);
    }
  }

  /** Publishes a probe, mandatory and confirmed. */
  async send(
    exchange: string,
    routingKey: string,
    id: string,
  ): Promise<'delivered' | 'returned' | 'refused'> {
    const isRefused = await new Promise<boolean>((resolve) => {
      this.channel.publish(
        exchange,
        routingKey,
        Buffer.alloc(0),
        {
          mandatory: true,
          messageId: id,
          correlationId: id,
          replyTo: REPLY_QUEUE,
          headers: { [PROBE_HEADER]: true },
        },
        (error: unknown) => resolve(Boolean(error)),
      );
    });
    if (this.returned.has(id)) return 'returned';
    return isRefused ? 'refused' : 'delivered';
  }

  /** Whether a consumer answers a probe within two seconds from now; asked before it is sent. */
  async answerTo(id: string): Promise<boolean> {
    const answer = new Promise<true>((resolve) => this.awaited.set(id, () => resolve(true)));
    const isAnswered = await Promise.race([
      answer,
      delay(ANSWER_TIMEOUT_MS, false, { ref: false }),
    ]);
    this.awaited.delete(id);
    return isAnswered;
  }

  /**
   * Takes probes out of a queue up to the one with this id. Another `queue-init` may have taken it
   * already, or a consumer; a message that is no probe is put back and ends the search.
   */
  async takeBack(queue: string, id: string): Promise<void> {
    for (;;) {
      const message = await this.channel.get(queue);
      if (!message) return;
      const { headers, messageId } = message.properties;
      if (headers?.[PROBE_HEADER] === undefined) return this.channel.reject(message, true);
      this.channel.ack(message);
      if (messageId === id) return;
    }
  }

  async close(): Promise<void> {
    await this.channel.close();
  }
}
