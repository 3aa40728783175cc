/** What a queue holds, as it says itself just now. */
export interface QueueCount {
  readonly name: string;
  /** Messages that wait for a consumer. */
  readonly ready: number;
  readonly consumers: number;
}

/** Asks queues what they hold. It needs no management API, and is never late as that is. */
export abstract class QueueCounts {
  /**
   * Counts by name; a queue that is not there is left out.
   *
   * @throws {BrokerUnreachableError}
   */
  abstract read(queues: readonly string[]): Promise<ReadonlyMap<string, QueueCount>>;
}
