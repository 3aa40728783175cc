import type { Contract } from '@askflash/contracts';
import type { Decision } from './decision';
import type { ReceivedMessage } from './received-message';

/**
 * ```
 *                 ┌──────────── connection lost ───────────┐
 *                 ▼                                        │
 *           connecting ──── queue is there ──────────► consuming ◄──── resume ──── paused
 *             ▲     │                                      │  └──────── pause ───────►
 *   back-off  │     └── no such queue ──► cancelled ◄──────┘ queue deleted
 *             └──────────────────────────────┘
 *
 *   any ── stop ──► draining ── nothing in flight, or grace over ──► stopped
 * ```
 */
export type ConsumerState =
  'connecting' | 'consuming' | 'cancelled' | 'paused' | 'draining' | 'stopped';

export interface ConsumeOptions<C extends Contract = Contract> {
  readonly queue: string;
  /** What the broker calls the consumer, for people and monitors; a fresh UUIDv7 unless given. */
  readonly tag?: string;
  /** How many messages are handled at once. */
  readonly prefetch: number;
  /** What the queue carries; anything else is dead-lettered at once. */
  readonly contracts: readonly C[];
  /**
   * Handles one message. One that throws is handed out again after a short, growing time, until
   * the queue's delivery limit dead-letters it.
   */
  handle(message: ReceivedMessage<C>): Promise<Decision>;
}

/** A queue being consumed. */
export interface Consumer {
  readonly queue: string;
  readonly state: ConsumerState;
  /** Messages handed to the handler, or held back by `retryLater`. */
  readonly inFlight: number;
  /** Takes no more messages until `resume`; those in flight go on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Takes no more messages, waits until those in flight are done, `graceMs` at most, and closes the
   * channel; what is not done by then goes back to the queue.
   */
  stop(graceMs: number): Promise<void>;
}

/** Takes messages out of queues. */
export abstract class Consumers {
  /**
   * Starts to consume a queue and goes on over broker restarts and the queue's deletion. Resolves
   * at once where the broker is down or the queue missing: `state` tells.
   *
   * @throws {ConsumerDuplicateError} this app consumes the queue already
   */
  abstract consume<C extends Contract>(options: ConsumeOptions<C>): Promise<Consumer>;

  /** Every consumer started and not stopped yet. */
  abstract readonly all: readonly Consumer[];
}
