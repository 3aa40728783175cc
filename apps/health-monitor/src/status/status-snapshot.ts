import type { AgentStatus } from '@askflash/contracts';
import type { RecentTask } from '@askflash/typeorm-entities';
import type { OpenCondition } from '../conditions/condition';

/** All that the status page shows. A part that could not be seen is undefined. */
export interface StatusSnapshot {
  /** When it was last looked; what is told by its age had that age then. */
  readonly at: Date;
  readonly servers: readonly ServerStatus[];
  readonly conditions: readonly (OpenCondition & { readonly runbookUrl: string })[];
  readonly queues: readonly QueueStatus[] | undefined;
  readonly agents: readonly InstanceStatus[] | undefined;
  readonly tasks: readonly RecentTask[] | undefined;
  readonly deadLetters: DeadLetterStatus | undefined;
}

/** A readiness check of the monitor: `postgres`, `schema`, `redis`, `rabbitmq`, `topology`. */
export interface ServerStatus {
  readonly name: string;
  readonly status: 'up' | 'down';
  readonly latencyMs: number;
  readonly reason?: string;
  readonly remedy?: string;
}

export interface QueueStatus {
  readonly name: string;
  /** Messages that wait for a consumer. */
  readonly ready: number;
  /** As many as waited at each look of the last five minutes, oldest first. */
  readonly depths: readonly number[];
  readonly unacknowledged: number;
  readonly consumers: number;
  readonly publishedPerSecond: number;
  readonly acknowledgedPerSecond: number;
  /** Undefined for a queue that gets no canaries, such as `mcp.responses`. */
  readonly canary: CanaryStatus | undefined;
}

export interface CanaryStatus {
  /** Round trip of the last one answered; undefined before any. */
  readonly roundTripMs: number | undefined;
  /** How long before the look the last answer came; undefined before any. */
  readonly answeredAgoMs: number | undefined;
  /** For how long the oldest unanswered one had waited by then; undefined where none does. */
  readonly waitingMs: number | undefined;
}

export interface InstanceStatus {
  readonly agent: string;
  readonly instanceId: string;
  readonly version: string;
  readonly status: AgentStatus;
  /** Why it is unhealthy. */
  readonly statusReason: string | null;
  readonly queue: string;
  readonly queueSize: number;
  readonly lastSeenAgoMs: number;
  readonly startedAt: Date;
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly inFlight: number;
  readonly processed: number;
  readonly failed: number;
}

export interface DeadLetterStatus {
  readonly count: number;
  /** Where they can be looked at; undefined where the monitor does not know the coordinator's address. */
  readonly url: string | undefined;
}
