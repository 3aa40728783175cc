import type { Redis } from 'ioredis';
import type { Mailbox } from './mailbox';
import { entryOfMessage } from './stream-entry';

const RETRY_MS = 250;
const HEARTBEAT_MS = 10_000;

/**
 * The one pub/sub connection that all subscriptions share. A channel is subscribed to as long as
 * somebody reads it; the connection is opened with the first and kept.
 *
 * ```
 * closed ──join──► opening ──ready──► live ──► opening (lost, or silent at a heartbeat)
 * ```
 *
 * Whenever Redis has confirmed a subscription, the mailboxes on it are marked as outdated: what was
 * published before that did not reach them, but is in the stream.
 */
export class ProgressChannels {
  readonly #mailboxes = new Map<string, Set<Mailbox>>();
  #connection: Redis | undefined;
  #retry: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #isOpen = false;
  #isClosed = false;

  /** @param openConnection opens a connection that does not reconnect; undefined: not possible now */
  constructor(
    private readonly openConnection: () => Redis | undefined,
    private readonly heartbeatMs = HEARTBEAT_MS,
  ) {}

  /** Whether published messages come in. */
  get isLive(): boolean {
    return this.#connection?.status === 'ready';
  }

  /** How many channels are read. */
  get size(): number {
    return this.#mailboxes.size;
  }

  /** Has a channel's messages put into a mailbox, until the function returned is called. */
  join(channel: string, mailbox: Mailbox): () => void {
    const mailboxes = this.#mailboxes.get(channel) ?? new Set();
    mailboxes.add(mailbox);
    if (mailboxes.size === 1) this.#mailboxes.set(channel, mailboxes);
    if (!this.#isOpen && !this.#isClosed) this.#open();
    else this.#subscribe([channel]);
    return () => this.#leave(channel, mailbox);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#heartbeat);
    this.#connection?.disconnect();
  }

  #leave(channel: string, mailbox: Mailbox): void {
    const mailboxes = this.#mailboxes.get(channel);
    mailboxes?.delete(mailbox);
    if (mailboxes?.size !== 0) return;
    this.#mailboxes.delete(channel);
    if (this.isLive) this.#connection?.unsubscribe(channel).catch(ignore);
  }

  #open(): void {
    this.#isOpen = true;
    const connection = this.openConnection();
    this.#connection = connection;
    if (!connection) return this.#openLater();
    connection.on('error', ignore);
    connection.on('ready', () => {
      this.#subscribe([...this.#mailboxes.keys()]);
      // Lost: the readers go to the stream, and find out there whether Redis is available.
      connection.on('end', () => this.#invalidate(this.#mailboxes.keys()));
    });
    connection.on('end', () => this.#openLater());
    connection.on('message', (channel, text) => this.#deliver(channel, text));
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => this.#beat(connection), this.heartbeatMs).unref();
  }

  #openLater(): void {
    if (!this.#isClosed) this.#retry = setTimeout(() => this.#open(), RETRY_MS);
  }

  /** Subscribes (once more does no harm) where there is a connection; else `ready` will. */
  #subscribe(channels: readonly string[]): void {
    const connection = this.#connection;
    if (!connection || !this.isLive || channels.length === 0) return;
    connection.subscribe(...channels).then(
      () => this.#invalidate(channels),
      () => connection.disconnect(),
    );
  }

  #invalidate(channels: Iterable<string>): void {
    for (const channel of channels) {
      this.#mailboxes.get(channel)?.forEach((mailbox) => mailbox.invalidate());
    }
  }

  #deliver(channel: string, text: string): void {
    const entry = entryOfMessage(text);
    if (entry) this.#mailboxes.get(channel)?.forEach((mailbox) => mailbox.push(entry));
  }

  /** A connection that has not answered by half the time to the next heartbeat is dead. */
  #beat(connection: Redis): void {
    const timer = setTimeout(() => {
      clearInterval(this.#heartbeat);
      connection.disconnect();
    }, this.heartbeatMs / 2).unref();
    connection.ping().then(() => clearTimeout(timer), ignore);
  }
}

function ignore(): void {
  // What fails here shows as the end of the connection, upon which another one is opened.
}
