import type { Contract, PayloadOf } from '@askflash/contracts';

/** A message whose body keeps one of the contracts; `type` tells which. */
export type ReceivedMessage<C extends Contract = Contract> = C extends Contract
  ? {
      readonly type: C['type'];
      readonly payload: PayloadOf<C>;
      /** CloudEvents `id`; a duplicate has the same. */
      readonly messageId: string;
      /** CloudEvents `subject`, most often the task's id. */
      readonly subject: string;
      /** When it was first published, ISO 8601. */
      readonly time: string;
      /** Whether it was handed out before. */
      readonly redelivered: boolean;
      /** How often it was handed out before and came back; 0 at first. */
      readonly deliveryCount: number;
      /** W3C trace context for what follows from the message; undefined where it is in no trace. */
      readonly traceparent?: string;
      readonly headers: Readonly<Record<string, unknown>>;
      /**
       * Aborted once what the handler decides no longer counts: the connection is lost or the
       * grace of `stop` is over, and the message goes to another consumer.
       */
      readonly signal: AbortSignal;
    }
  : never;
