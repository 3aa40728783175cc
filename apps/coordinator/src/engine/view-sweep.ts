import { RedisUnavailableError, TASK_TTL_SECONDS, type RedisTasks } from '@askflash/redis-tasks';
import type { TaskSeq } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import { isTransient } from './database-errors';
import type { ViewWriter } from './view-writer';

/** Views that were not written for longer are gone. */
const LIFETIME_MS = TASK_TTL_SECONDS * 1_000;

/** Between sweeps where nothing tells that views may be behind. */
const INTERVAL_MS = 60_000;

/** What a sweep looks at once more of the time before the last one: it may have been under way then. */
const OVERLAP_MS = 10_000;

/** What the sweep works with. */
export interface ViewSweepParts {
  readonly redisTasks: Pick<RedisTasks, 'behind' | 'epoch' | 'status'>;
  readonly views: Pick<ViewWriter, 'rebuild'>;
  /** Tasks that have changed within some milliseconds, in pages. */
  readonly changedTasks: (withinMs: number) => AsyncIterable<readonly TaskSeq[]>;
}

/**
 * Finds views that are behind PostgreSQL and nobody knows of: who could not write them has ended since,
 * or Redis came back with an older state than it had confirmed. Any number of coordinators may
 * sweep; a view is never taken backwards.
 *
 * ```
 *          ┌─Redis was connected to anew: all that may live──┐
 * waiting ─┤                                                 ├─► comparing ──compared──► waiting
 *    ▲     └─a minute is over: what has changed since────────┘       │
 *    └──────────────────a store is away: all of it again─────────────┘
 * ```
 */
export class ViewSweep {
  private readonly logger = new Logger(ViewSweep.name);
  private epoch: number | undefined;
  private startedAt = -Infinity;
  private sweeping: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly parts: ViewSweepParts) {}

  /** Begins where it is time to, and Redis can be asked; nobody has to wait for it. */
  beginWhereDue(): void {
    const { redisTasks } = this.parts;
    if (this.sweeping || this.stopped || redisTasks.status() !== 'ready') return;
    const { epoch } = redisTasks;
    const now = performance.now();
    const isAnew = epoch !== this.epoch;
    const sinceMs = isAnew ? Infinity : now - this.startedAt;
    if (sinceMs < INTERVAL_MS) return;
    this.sweeping = this.sweep(Math.min(LIFETIME_MS, sinceMs + OVERLAP_MS))
      .then(() => {
        this.epoch = epoch;
        this.startedAt = now;
      })
      .catch((error: unknown) => this.logger.warn(`Views could not be compared: ${error}`))
      .finally(() => (this.sweeping = undefined));
  }

  /** Begins no more; resolves once a sweep that is under way has ended, which it does soon. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.sweeping;
  }

  private async sweep(withinMs: number): Promise<void> {
    const { redisTasks, changedTasks } = this.parts;
    for await (const tasks of changedTasks(withinMs)) {
      for (const taskId of await redisTasks.behind(tasks)) {
        if (this.stopped) return;
        await this.rebuild(taskId);
      }
      if (this.stopped) return;
    }
  }

  /** One that cannot be rebuilt for a reason of its own keeps no other from it. */
  private async rebuild(taskId: string): Promise<void> {
    try {
      await this.parts.views.rebuild(taskId);
    } catch (error) {
      if (error instanceof RedisUnavailableError || isTransient(error)) throw error;
      this.logger.error(`The view of task ${taskId} cannot be rebuilt: ${error}`);
    }
  }
}
