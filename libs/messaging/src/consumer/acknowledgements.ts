import type { Channel, ConsumeMessage } from 'amqplib';

/**
 * Acknowledges the deliveries of one channel. Those of one turn of the event loop go out together,
 * one `basic.ack` for as many as there are without a gap from the oldest on: a quorum queue logs each
 * that it is sent.
 *
 * ```
 * delivered ──acknowledge──► acknowledged ──turn over──► told
 *     └──────leave──────► settled by whoever left it out
 * ```
 */
export class Acknowledgements {
  /** Not told yet, oldest first, and whether each is acknowledged. */
  private readonly pending = new Map<ConsumeMessage, boolean>();
  private scheduled = false;

  constructor(private readonly channel: Channel) {}

  delivered(message: ConsumeMessage): void {
    this.pending.set(message, false);
  }

  acknowledge(message: ConsumeMessage): void {
    this.pending.set(message, true);
    if (this.scheduled) return;
    this.scheduled = true;
    process.nextTick(() => this.tell());
  }

  /** Takes one out that is settled in another way. */
  leave(message: ConsumeMessage): void {
    this.pending.delete(message);
  }

  /** Tells the broker at once of what is acknowledged. */
  tell(): void {
    this.scheduled = false;
    try {
      this.tellPrefix();
      this.tellRest();
    } catch {
      // The channel is being closed: the broker hands out again what it was not told of.
    }
  }

  private tellPrefix(): void {
    let last: ConsumeMessage | undefined;
    for (const [message, isAcknowledged] of this.pending) {
      if (!isAcknowledged) break;
      last = message;
      this.pending.delete(message);
    }
    if (last) this.channel.ack(last, true);
  }

  private tellRest(): void {
    for (const [message, isAcknowledged] of this.pending) {
      if (!isAcknowledged) continue;
      this.pending.delete(message);
      this.channel.ack(message);
    }
  }
}
