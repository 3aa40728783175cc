import type { Channel, ChannelModel } from 'amqplib';
import type { BrokerConnection } from './broker-connection';
import { within } from './within';

const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** Why a channel is gone. */
export interface ChannelLoss {
  readonly reason: string;
  /** AMQP's reply code where the broker closed the channel: 404, 406 … */
  readonly code?: number;
}

export interface LastingChannelOptions<C extends Channel> {
  /** Opens a channel of the kind wanted. */
  open(connection: ChannelModel): Promise<C>;
  /** Makes a fresh channel ready for use; where it rejects, another is tried after a while. */
  ready(channel: C): Promise<void>;
  /** A channel that was opened is closed, whether it had become ready or not. */
  lost(channel: C, loss: ChannelLoss): void;
}

/**
 * A channel that is opened again whenever it is closed, on the same connection or the next one,
 * with a growing back-off. A mistake closes a channel for good in AMQP, so this is what survives it.
 */
export class LastingChannel<C extends Channel> {
  /** The channel that is open and ready. */
  current: C | undefined;

  private opened: C | undefined;
  private attempting = false;
  private closed = false;
  private backoffMs = FIRST_BACKOFF_MS;
  private timer: NodeJS.Timeout | undefined;
  private readonly stopListening: () => void;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly options: LastingChannelOptions<C>,
  ) {
    this.stopListening = connection.onConnected(() => this.attemptNow());
  }

  /** Opens it once there is a connection. */
  start(): void {
    this.attemptNow();
  }

  /** Gives the channel up and opens another after the back-off. */
  reopen(): void {
    this.current = undefined;
    this.opened?.close().catch(() => {});
  }

  /** Closes it for good; what it delivered and was not acknowledged goes back to its queue. */
  async close(): Promise<void> {
    this.closed = true;
    this.stopListening();
    clearTimeout(this.timer);
    if (this.opened) await within(CLOSE_TIMEOUT_MS, this.opened.close());
  }

  private attemptNow(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void this.attempt();
  }

  private async attempt(): Promise<void> {
    const connection = this.connection.current;
    if (this.closed || this.attempting || this.opened || !connection) return;
    this.attempting = true;
    try {
      await this.openOn(connection);
      this.backoffMs = FIRST_BACKOFF_MS;
    } catch {
      if (this.opened) this.reopen();
      else this.attemptLater();
    } finally {
      this.attempting = false;
    }
  }

  private async openOn(connection: ChannelModel): Promise<void> {
    const channel = await this.options.open(connection);
    this.opened = channel;
    let loss: ChannelLoss = { reason: 'the channel was closed' };
    // Without a listener for its errors, amqplib ends the whole connection with the channel.
    channel.on('error', (error: Error & { code?: number }) => {
      loss = { reason: error.message, code: error.code };
    });
    channel.on('close', () => this.ended(channel, loss));
    await this.options.ready(channel);
    if (this.closed) this.reopen();
    else if (this.opened === channel) this.current = channel;
  }

  private ended(channel: C, loss: ChannelLoss): void {
    this.opened = undefined;
    this.current = undefined;
    this.options.lost(channel, loss);
    this.attemptLater();
  }

  private attemptLater(): void {
    if (this.closed || this.timer) return;
    this.timer = setTimeout(() => this.attemptNow(), this.backoffMs);
    this.backoffMs = Math.min(this.backoffMs * 2, LAST_BACKOFF_MS);
  }
}
