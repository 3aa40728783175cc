/** Finds out whether somebody consumes a queue, without giving them work. */
export abstract class Prober {
  /**
   * Sends a probe to a queue and waits for its consumer's answer.
   *
   * @returns the round trip in milliseconds
   * @throws {ProbeUnansweredError} nobody consumes the queue, it is missing, or nobody answered in time
   */
  abstract probe(queue: string, options: { readonly timeoutMs: number }): Promise<number>;
}
