import type { RedisFigures } from '@askflash/redis-tasks';
import type { HealthReport } from '@askflash/service-kit';
import type { DatabaseFigures, KnownInstance } from '@askflash/typeorm-entities';
import type { CanarySight } from '../canary/canary-rounds';

/** A queue of the backbone, at one look. */
export interface QueueSight {
  readonly name: string;
  /** Messages that wait for a consumer, as of now. */
  readonly ready: number;
  /** As of now. */
  readonly consumers: number;
  /** What the management API tells, up to some seconds old; undefined where it cannot be asked. */
  readonly told: ToldOfQueue | undefined;
  /** Undefined for a queue that gets no canaries. */
  readonly canary: CanarySight | undefined;
}

export interface ToldOfQueue {
  readonly unacknowledged: number;
  /** Since the queue was declared. */
  readonly published: number;
  readonly acknowledged: number;
  readonly publishedPerSecond: number;
  readonly acknowledgedPerSecond: number;
  readonly consumerTags: ReadonlySet<string>;
}

/** What became of a sample of running tasks whose view should be in Redis. */
export interface ViewSample {
  readonly sampled: number;
  readonly lost: number;
}

/** All that one look saw; what could not be seen is undefined. */
export interface Observation {
  readonly at: Date;
  /** On the monitor's monotonic clock, in milliseconds. */
  readonly atMs: number;
  readonly checks: HealthReport['checks'];
  readonly queues: readonly QueueSight[] | undefined;
  /** Why the broker takes no messages, one entry an alarm; empty where it does. */
  readonly alarms: readonly string[] | undefined;
  readonly redis: RedisFigures | undefined;
  readonly views: ViewSample | undefined;
  readonly database: DatabaseFigures | undefined;
  /** With what is made of them in this look. */
  readonly instances: readonly KnownInstance[] | undefined;
}
