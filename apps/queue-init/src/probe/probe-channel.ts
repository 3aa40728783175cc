import { setTimeout as delay } from 'node:timers/promises';
import { PROBE_HEADER } from '@askflash/contracts';
import { listenForAnswers } from '@askflash/messaging';
import type { ChannelModel, ConfirmChannel } from 'amqplib';

const ANSWER_TIMEOUT_MS = 2_000;
const LOOKS_FOR_CONSUMERS = 3;
const LOOKS_FOR_MESSAGES = 10;
const LOOK_INTERVAL_MS = 100;

/** What a probe would meet in a queue. */
export type QueueUse =
  | { readonly use: 'idle' | 'consumed' }
  /** Messages wait, and nobody consumes them. */
  | { readonly use: 'waiting'; readonly messages: number };

/** A channel that sends probes and gets their answers. */
export class ProbeChannel {
  private readonly returned = new Set<string>();
  private readonly awaited = new Map<string, () => void>();
  private replyTo = '';

  private constructor(private readonly channel: ConfirmChannel) {
    channel.on('error', () => {}); // The call that failed rejects.
    channel.on('return', ({ properties }) => this.returned.add(String(properties.messageId)));
  }

  static async open(connection: ChannelModel): Promise<ProbeChannel> {
    const probes = new ProbeChannel(await connection.createConfirmChannel());
    probes.replyTo = await listenForAnswers(probes.channel, (answer) =>
      probes.awaited.get(String(answer?.properties.correlationId))?.(),
    );
    return probes;
  }

  /**
   * Who uses a queue. It looks more than once, because another `queue-init` may be at it: its probe
   * is a message until it is taken back, and whoever takes one counts as a consumer meanwhile.
   */
  async look(queue: string): Promise<QueueUse> {
    for (let looks = 1; ; looks += 1) {
      const { messageCount, consumerCount } = await this.channel.checkQueue(queue);
      if (consumerCount === 0 && messageCount === 0) return { use: 'idle' };
      if (consumerCount > 0 && looks >= LOOKS_FOR_CONSUMERS) return { use: 'consumed' };
      if (looks >= LOOKS_FOR_MESSAGES) return { use: 'waiting', messages: messageCount };
      await delay(LOOK_INTERVAL_MS);
    }
  }

  /** Whether anybody consumes a queue, however many messages wait in it. */
  async isConsumed(queue: string): Promise<boolean> {
    for (let looks = 1; looks <= LOOKS_FOR_CONSUMERS; looks += 1) {
      const { consumerCount } = await this.channel.checkQueue(queue);
      if (consumerCount === 0) return false;
      await delay(LOOK_INTERVAL_MS);
    }
    return true;
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
          replyTo: this.replyTo,
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
