import type { ConfirmChannel, MessagePropertyHeaders, Options } from 'amqplib';
import type { BrokerConnection } from '../connection/broker-connection';
import { LastingChannel, type ChannelLoss } from '../connection/lasting-channel';
import { within } from '../connection/within';
import {
  PublishInvalidError,
  PublishRejectedError,
  PublishUnknownError,
  PublishUnroutableError,
  PublisherBlockedError,
  PublisherDisconnectedError,
} from '../errors';

/** Sent and not confirmed at a time; more wait, so that a broker that lags is not buried. */
const MAX_UNCONFIRMED = 2_000;

/** A message as it goes over the wire. */
export interface OutgoingMessage {
  /** Empty for the default exchange, whose routing keys are the queues' names. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly messageId: string;
  readonly properties: Omit<Options.Publish, 'messageId' | 'mandatory' | 'headers'> & {
    readonly headers?: MessagePropertyHeaders;
  };
}

/**
 * ```
 * waiting ── connection, not blocked, room ──► sent ──► confirmed
 *    │                                          ├─────► returned: PublishUnroutableError
 *    │                                          ├─────► refused: PublishRejectedError
 *    │                                          └─────► time-out, channel lost: PublishUnknownError
 *    └── time-out, closed: PublisherBlockedError, PublisherDisconnectedError
 * ```
 */
interface Send {
  readonly message: OutgoingMessage;
  readonly settle: (error?: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Sends messages on one confirm channel, as many at a time as there is room for, each mandatory
 * and each settled by its own confirm.
 */
export class ConfirmedSender {
  private readonly channel: LastingChannel<ConfirmChannel>;
  private readonly waiting = new Set<Send>();
  private readonly sent = new Set<Send>();
  /** Messages the broker gave back; their confirm follows right after. */
  private readonly returned = new Set<string>();
  private unconfirmed = 0;
  private hasRoom = true;
  private closed = false;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly timeoutMs: number,
  ) {
    this.channel = new LastingChannel(connection, {
      open: (model) => model.createConfirmChannel(),
      ready: (channel) => this.prepare(channel),
      lost: (_channel, loss) => this.lost(loss),
    });
    connection.onUnblocked(() => this.pump());
    this.channel.start();
  }

  get connected(): boolean {
    return this.channel.current !== undefined;
  }

  /** Messages not settled yet. */
  get outstanding(): number {
    return this.waiting.size + this.sent.size;
  }

  /** Resolves with the broker's confirm; see the errors of `Publisher.publish`. */
  send(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const send: Send = {
        message,
        timer: setTimeout(() => this.timedOut(send), this.timeoutMs),
        settle: (error) => {
          clearTimeout(send.timer);
          this.waiting.delete(send);
          this.sent.delete(send);
          if (error) reject(error);
          else resolve();
        },
      };
      if (this.closed) {
        send.settle(new PublisherDisconnectedError('The publisher is closed; nothing was sent'));
      } else {
        this.waiting.add(send);
        this.pump();
      }
    });
  }

  /** Waits for what is sent, `graceMs` at most, and gives up the rest. */
  async close(graceMs: number): Promise<void> {
    this.closed = true;
    for (const send of this.waiting) {
      send.settle(new PublisherDisconnectedError('The publisher was closed; nothing was sent'));
    }
    if (this.sent.size > 0) await within(graceMs, this.allConfirmed());
    await this.channel.close();
  }

  private async allConfirmed(): Promise<void> {
    await this.channel.current?.waitForConfirms();
  }

  private prepare(channel: ConfirmChannel): Promise<void> {
    channel.on('drain', () => {
      this.hasRoom = true;
      this.pump();
    });
    channel.on('return', ({ fields, properties }) => {
      this.returned.add(keyOf(fields.exchange, fields.routingKey, properties.messageId));
    });
    setImmediate(() => this.pump());
    return Promise.resolve();
  }

  private pump(): void {
    for (const send of this.waiting) {
      const channel = this.channel.current;
      if (!channel || !this.hasRoom || this.connection.blocked) return;
      if (this.unconfirmed >= MAX_UNCONFIRMED) return;
      this.transmit(channel, send);
    }
  }

  private transmit(channel: ConfirmChannel, send: Send): void {
    const { exchange, routingKey, content, messageId, properties } = send.message;
    this.waiting.delete(send);
    this.sent.add(send);
    this.unconfirmed += 1;
    try {
      this.hasRoom = channel.publish(
        exchange,
        routingKey,
        content,
        { ...properties, messageId, mandatory: true },
        (error: unknown) => this.confirmed(send, error),
      );
    } catch (error) {
      // amqplib counts a message it could not encode, so every later confirm would be another's.
      send.settle(new PublishInvalidError('The message cannot be encoded', { cause: error }));
      this.channel.reopen();
    }
  }

  private confirmed(send: Send, error: unknown): void {
    const isRefused = isRefusal(error);
    if (error && !isRefused) return; // The channel is closed; `lost` settles it, knowing why.
    const { exchange, routingKey, messageId } = send.message;
    const fields = { exchange, routingKey, messageId };
    const isReturned = this.returned.delete(keyOf(exchange, routingKey, messageId));
    this.unconfirmed -= 1;
    if (this.sent.has(send)) {
      if (isReturned) send.settle(new PublishUnroutableError(fields));
      else send.settle(isRefused ? new PublishRejectedError(fields) : undefined);
    }
    this.pump();
  }

  private lost(loss: ChannelLoss): void {
    this.returned.clear();
    this.unconfirmed = 0;
    this.hasRoom = true;
    for (const send of this.sent) {
      const { exchange, routingKey, messageId } = send.message;
      const fields = { exchange, routingKey, messageId };
      const isMissing = loss.code === 404 && loss.reason.includes(`'${exchange}'`);
      send.settle(
        isMissing
          ? new PublishUnroutableError(fields)
          : new PublishUnknownError(loss.reason, fields),
      );
    }
  }

  private timedOut(send: Send): void {
    const { exchange, routingKey, messageId } = send.message;
    const after = `for ${this.timeoutMs} ms; nothing was sent`;
    if (this.sent.has(send)) {
      const reason = `no confirm within ${this.timeoutMs} ms`;
      send.settle(new PublishUnknownError(reason, { exchange, routingKey, messageId }));
    } else if (this.connection.blocked) {
      send.settle(new PublisherBlockedError(`RabbitMQ took no messages ${after}`));
    } else {
      send.settle(
        new PublisherDisconnectedError(`No connection to RabbitMQ, or no room, ${after}`),
      );
    }
  }
}

function keyOf(exchange: string, routingKey: string, messageId: unknown): string {
  return `${exchange}\n${routingKey}\n${String(messageId)}`;
}

/** amqplib tells a refusal from a closed channel by the message alone. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.message === 'message nacked';
}
