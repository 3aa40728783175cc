import type { ProgressEvent, TaskEvent } from '@askflash/contracts';
import type { TaskRecord } from '../engine/task-record';
import type { Instance } from './dto';

/** A message of the task whose confirm PostgreSQL has not noted. */
export interface UnconfirmedMessage {
  /** The stage it requests; undefined for the message that the task has ended. */
  readonly request: { readonly stage: string; readonly attempt: number } | undefined;
  readonly createdAt: Date;
  /** When it is sent again. */
  readonly nextAttemptAt: Date;
  /** How often it was sent again. */
  readonly attempts: number;
}

/** What PostgreSQL knows, as of one moment. */
export interface StoredFacts {
  /** The moment, on the database's clock. */
  readonly at: Date;
  readonly task: TaskRecord;
  readonly events: readonly TaskEvent[];
  readonly unconfirmed: readonly UnconfirmedMessage[];
  /** By queue, of the stages that are requested: instances of the agent, the last seen first. */
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
}

/** A queue as it is just now. */
export interface QueueFacts {
  readonly ready: number;
  readonly consumers: number;
  /** What only the management API tells; null where it cannot be asked. */
  readonly handedOut: number | null;
  readonly drainPerSecond: number | null;
}

/** The broker's queues by name; one that is not there is left out. */
export type QueuesFacts = ReadonlyMap<string, QueueFacts>;

/** The broker as it is just now. */
export type BrokerFacts = {
  /** Answers that wait for the coordinator; null where the broker cannot be asked. */
  readonly answersWaiting: number | null;
  /** Since a queue last refused a message of this coordinator; null where none did of late. */
  readonly refusedAgoMs: number | null;
} & (
  | { readonly state: 'ok' | 'blocked'; readonly queues: QueuesFacts }
  /** It cannot be asked, or messages cannot be sent, for a reason. */
  | {
      readonly state: 'unreachable';
      readonly reason: string;
      readonly queues: QueuesFacts | undefined;
    }
);

/** All that an explanation is made of. */
export interface Facts extends StoredFacts {
  readonly broker: BrokerFacts;
  /** What agents said last, the latest first; as far as Redis has it. */
  readonly progress: readonly ProgressEvent[];
  /** After so long, in milliseconds, PostgreSQL has noted the confirm of a message, if there was one. */
  readonly confirmNotedMs: number;
}
