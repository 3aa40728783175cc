import type { BackboneError, Contract, PayloadOf } from '@askflash/contracts';

/** What a publish may say besides its payload. */
export interface PublishOptions {
  /** After this many milliseconds in a queue the message is dropped, or dead-lettered where the queue's policy says so. */
  readonly expirationMs?: number;
  /** Headers of the caller's own; they never replace the CloudEvents attributes. */
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  /** CloudEvents `id`, by which receivers know duplicates; a fresh UUIDv7 unless given. */
  readonly messageId?: string;
  /** W3C trace context of what the message follows from; the message is a part of that trace. */
  readonly traceparent?: string;
  readonly priority?: number;
}

/** One publish of a batch. */
export interface PublishItem<C extends Contract = Contract> {
  readonly contract: C;
  readonly payload: PayloadOf<C>;
  readonly options?: PublishOptions;
}

/** How one publish of a batch ended. */
export type PublishOutcome =
  | { readonly confirmed: true }
  /** Anything but `PublishUnknownError` means that no queue took it. */
  | { readonly confirmed: false; readonly error: BackboneError };

/**
 * Sends messages so that none is lost without the sender knowing: persistent, mandatory, confirmed.
 *
 * Many publishes may be under way at once; they share one channel and are confirmed in any order.
 * It outlives broker restarts: what cannot be sent yet waits, up to the time-out.
 */
export abstract class Publisher {
  /**
   * Resolves once every queue the message was routed to has it on disk.
   *
   * @throws {ContractViolationError} the payload does not match the contract; nothing was sent
   * @throws {MessageTooLargeError} the body is over the limits of size or depth; nothing was sent
   * @throws {PublishUnroutableError} no queue is bound to its routing key
   * @throws {PublishRejectedError} a queue refused it, most often because it is full
   * @throws {PublisherBlockedError} the broker was out of memory or disk for the whole time-out; nothing was sent
   * @throws {PublisherDisconnectedError} there was no connection for the whole time-out; nothing was sent
   * @throws {PublishUnknownError} it was sent, and whether it arrived is unknown; sending it again may double it
   */
  abstract publish<C extends Contract>(
    contract: C,
    payload: PayloadOf<C>,
    options?: PublishOptions,
  ): Promise<void>;

  /** Publishes many at once and waits for all of them; outcomes are in the order of the items. */
  abstract publishAll(items: readonly PublishItem[]): Promise<PublishOutcome[]>;

  /** Whether a message could be sent now, as far as the connection goes. */
  abstract readonly connected: boolean;
  /** Whether the broker has stopped taking messages, being out of memory or disk. */
  abstract readonly blocked: boolean;
  /** Publishes that wait for a connection, for room or for their confirm. */
  abstract readonly outstanding: number;
}
