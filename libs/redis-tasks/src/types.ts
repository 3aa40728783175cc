import type { ProgressEvent, TaskEvent, TaskView } from '@askflash/contracts';

/**
 * Whether commands go through:
 *
 * ```
 * connecting ──► ready ──► connecting (connection lost)
 *     │ ▲          ▲
 *     ▼ └ never    │
 *    down ─────────┘
 * ```
 *
 * `connecting`: the first attempt is under way, commands wait for it; `down`: the last attempt
 * failed, commands fail at once while further attempts are made.
 */
export type RedisStatus = 'ready' | 'connecting' | 'down';

/** How to reach Redis. */
export interface RedisTasksOptions {
  /**
   * `redis://[user]:password@host:port[/database]`, or `rediss://` for TLS. A Redis Cluster is
   * marked by `?cluster=true`; one node is enough, more may be named as `&node=host:port`.
   */
  readonly url: string;
  /** Stands before every key and channel; has no braces. Default: none. */
  readonly keyPrefix?: string;
  /** After this a command counts as unanswered, in milliseconds. Default: 2000. */
  readonly commandTimeoutMs?: number;
  /** Called at each change of status, with why where it is not `ready`. */
  readonly onStatusChange?: (status: RedisStatus, reason?: string) => void;
}

/** `exists`: the task is there already and was left as it is. */
export type CreateResult = 'created' | 'exists';

/**
 * - `applied`: view and events are in.
 * - `stale`: this or a newer state is in already; nothing to do.
 * - `missing`: the key is gone (expired, evicted, flushed); rebuild it.
 * - `gap`: events between the stored state and this one are not in; rebuild it.
 */
export type TransitionResult = 'applied' | 'stale' | 'missing' | 'gap';

/** `stale`: a newer state is in already and was left as it is. */
export type RebuildResult = 'rebuilt' | 'stale';

/** A view, or a miss: an ordinary thing, upon which the truth is asked and the view rebuilt. */
export type ReadResult =
  { readonly found: true; readonly view: TaskView } | { readonly found: false };

/** A state of a task together with the events that led to it, the last one numbered `view.seq`. */
export interface TaskTransition {
  readonly view: TaskView;
  readonly events: readonly TaskEvent[];
}

/** `ids`: the stream ids given, in the order of the events. */
export type AppendResult =
  { readonly status: 'appended'; readonly ids: readonly string[] } | { readonly status: 'missing' };

/** What a subscription gives. */
export type StreamItem =
  | {
      readonly kind: 'event';
      /** `<seq>-0` of a durable event, `<seq>-<n>` of progress after it; serves as `after`. */
      readonly id: string;
      readonly event: TaskEvent | ProgressEvent;
    }
  | {
      /**
       * The durable events numbered `after + 1` to `upTo`, both included, are not in Redis: take
       * them from PostgreSQL. `upTo` null: nobody knows how many, as the task is not in Redis or
       * Redis cannot be asked (then told again every 2 seconds); take all after `after`. Events that were taken so may come once
       * more by the stream, so drop those whose number is not above the last one seen.
       */
      readonly kind: 'gap';
      readonly after: number;
      readonly upTo: number | null;
    };

export interface SubscribeOptions {
  /** Id of the last item seen (`Last-Event-ID`), itself left out. Default: from the beginning. */
  readonly after?: string;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

export interface HistoryOptions {
  /** How many at most, 1–1000. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/** A page of a user's tasks, newest first; `nextCursor` is null on the last one. */
export interface HistoryPage {
  readonly taskIds: readonly string[];
  readonly nextCursor: string | null;
}
