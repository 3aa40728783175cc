/** A message of `mcp.dead_letter`: what it is, why it is there, where from, since when. */
export interface DeadLetter {
  /**
   * The message's id. One without an id is known by the SHA-256 of its body; where several are the
   * same, all but the first have `#2`, `#3` … behind.
   */
  readonly id: string;
  /** CloudEvents type; null where it has none. */
  readonly type: string | null;
  /** CloudEvents subject, the task's or the instance's id; null where it has none. */
  readonly subject: string | null;
  /** Why in one word: `MESSAGE_MALFORMED`, an agent's own code, or RabbitMQ's `delivery_limit`, `rejected` … */
  readonly reason: string;
  /** Why in words; null where the broker put it there, which says no more. */
  readonly detail: string | null;
  /** The queue it was in; null where nothing tells. */
  readonly queue: string | null;
  /** Where it was published to; null where nothing tells. */
  readonly exchange: string | null;
  readonly routingKey: string | null;
  /** ISO 8601; null where nothing tells. */
  readonly deadAt: string | null;
  /** When it was first published, or first seen; null where nothing tells. */
  readonly firstSeenAt: string | null;
  /** How often it was handed out before it died. */
  readonly deliveryCount: number;
  /** How often it was sent back to its queue out of the dead letters. */
  readonly redriveCount: number;
  readonly bytes: number;
  /** The beginning of its body, as text. */
  readonly bodyPreview: string;
}

/** Dead letters that are out of the queue for as long as they are looked at. */
export interface CheckedOut {
  /** Oldest first; those that nothing tells the time of before them. */
  readonly letters: readonly DeadLetter[];
  /** Whether these are all there are; false where a bound was reached. */
  readonly complete: boolean;
  /** Aborts when the broker has taken them back: the channel is lost. */
  readonly signal: AbortSignal;
  /**
   * Sends one back to the queue it was in and, once that is confirmed, takes it out of the dead
   * letters. Where the process dies in between, it is in both.
   *
   * @throws {DeadLetterUnreturnableError} nothing tells which of the backbone's queues it was in
   * @throws {PublishError} it stays a dead letter
   */
  sendBack(letter: DeadLetter): Promise<void>;
}

/** How much is checked out at most. */
export interface CheckOutBounds {
  /** Messages; 10 000 unless given. */
  readonly maxCount?: number;
  /** Bytes of bodies, beyond which no more are taken; 32 MiB unless given. */
  readonly maxBytes?: number;
  /** How long taking them may last, in milliseconds; 10 000 unless given. */
  readonly timeoutMs?: number;
}

/** `mcp.dead_letter`, to be looked into and sent back from. */
export abstract class DeadLetterQueue {
  /**
   * Checks dead letters out, has them worked on, and gives back every one that was not sent back.
   * Nobody else sees them meanwhile, so whoever looks at them beside others has to take turns.
   * A process that dies loses none: the broker takes them back.
   *
   * @throws {BrokerUnreachableError} there is no connection, or the queue is missing
   * @throws what `work` throws
   */
  abstract checkOut<T>(
    work: (checkedOut: CheckedOut) => Promise<T>,
    bounds?: CheckOutBounds,
  ): Promise<T>;
}
