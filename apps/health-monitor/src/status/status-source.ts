import type { StatusSnapshot } from './status-snapshot';

/** Where the status page has its data from. */
export abstract class StatusSource {
  /** All that is known at the moment; asked for at most once a second, and only while somebody reads. */
  abstract snapshot(): Promise<StatusSnapshot>;
}
