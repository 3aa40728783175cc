import type { ConsumerState } from '../consumer/consumers';
import { MessagingNotReadyError } from '../errors';

/** What an app's messaging looks like right now. */
export interface MessagingSnapshot {
  readonly publisher: {
    readonly connected: boolean;
    readonly blocked: boolean;
    readonly outstanding: number;
  };
  readonly consumers: readonly {
    readonly queue: string;
    readonly state: ConsumerState;
    readonly inFlight: number;
  }[];
  /** Whether it can publish, and consumes every queue it is meant to. */
  readonly ready: boolean;
  /** What keeps it from being ready, one sentence each; empty where it is. */
  readonly reasons: readonly string[];
}

/** Tells how an app's messaging is. */
export abstract class MessagingStatus {
  abstract snapshot(): MessagingSnapshot;

  /** @throws {MessagingNotReadyError} with what keeps it from being ready */
  assertReady(): void {
    const { ready, reasons } = this.snapshot();
    if (!ready) throw new MessagingNotReadyError(reasons.join('; '));
  }
}
