/** That a consumer took a canary out of its queue. */
export interface CanaryAnswer {
  /** As it was given to `send`. */
  readonly id: string;
  /** The consumer's tag, an agent's instance id; undefined where whoever answered does not tell. */
  readonly consumer: string | undefined;
}

/** What becomes of canaries. */
export interface CanaryListener {
  answered(answer: CanaryAnswer): void;
  /** Answers to what was sent so far will not come any more: the channel they come on was lost. */
  forgotten(): void;
}

/**
 * Sends canaries: probes that go through a queue as its work does, that whoever consumes it
 * acknowledges and answers without handling them. Answers come whenever they come, so one that stays
 * away tells something too.
 */
export abstract class Canaries {
  /** Has a listener told of all that comes from now on. */
  abstract listen(listener: CanaryListener): void;

  /**
   * Puts canaries into a queue, one for each id.
   *
   * @returns whether they were sent; not where the broker is away or takes no messages
   */
  abstract send(queue: string, ids: readonly string[]): boolean;
}
