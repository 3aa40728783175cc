import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@askflash/service-kit';
import {
  deleteClosedConditions,
  deleteFinishedTasks,
  deleteGoneInstances,
  takeRetentionTurn,
  type Database,
} from '@askflash/typeorm-entities';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FIRST_BATCH_SIZE, nextBatchSize } from './batch-size';
import { RETENTION_KINDS, type RetentionKind, type RetentionMetrics } from './retention-metrics';

const DAY_MS = 86_400_000;
/** Far more than a batch takes; it ends one that PostgreSQL is stuck with. */
const STATEMENT_TIMEOUT_MS = 10_000;

type DeleteSome = (manager: EntityManager, before: Date, limit: number) => Promise<number>;

const DELETE: Readonly<Record<RetentionKind, DeleteSome>> = {
  task: (manager, finishedBefore, limit) => deleteFinishedTasks(manager, { finishedBefore, limit }),
  condition: (manager, closedBefore, limit) =>
    deleteClosedConditions(manager, { closedBefore, limit }),
  agent_instance: (manager, seenBefore, limit) =>
    deleteGoneInstances(manager, { seenBefore, limit }),
};

export interface RetentionOptions {
  /** Before the first run: an app that starts has better things to do. */
  readonly startAfterMs: number;
  /** Between two runs. */
  readonly intervalMs: number;
}

const DEFAULTS: RetentionOptions = { startAfterMs: 60_000, intervalMs: 600_000 };

/**
 * Deletes what is older than some days: finished tasks with all that hangs on them, closed
 * conditions, instances that are gone. What is open, or owes somebody a message, stays.
 *
 * ```
 * waiting ──interval over──► batch ──more is left──► pause, as long as the batch took ──► batch
 *    ▲                         │ none is left, or another monitor has the turn
 *    └─────────────────────────┘
 * ```
 *
 * So it takes half of one connection's time at most, and its batches are short.
 */
export class Retention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Retention.name);
  private readonly options: RetentionOptions;
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Pick<Database, 'dataSource'>,
    private readonly metrics: RetentionMetrics,
    /** 0 deletes nothing. */
    private readonly days: number,
    options: Partial<RetentionOptions> = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  onApplicationBootstrap(): void {
    if (this.days > 0) this.running = this.repeat();
  }

  /** Resolves once the batch that is under way has ended. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** One run, unless another monitor is at it. Never rejects: what fails is tried in the next. */
  async run(): Promise<void> {
    const before = new Date(Date.now() - this.days * DAY_MS);
    try {
      for (const kind of RETENTION_KINDS) {
        if (!(await this.deleteAll(kind, before))) return;
      }
      this.metrics.noteRun(new Date());
    } catch (error) {
      this.logger.warn(`Old rows are deleted later: ${describeError(error).message}`);
    }
  }

  private async repeat(): Promise<void> {
    await this.pause(this.options.startAfterMs);
    while (!this.stopping.signal.aborted) {
      await this.run();
      await this.pause(this.options.intervalMs);
    }
  }

  /** Whether nothing of the kind is left; false where it was stopped, or another has the turn. */
  private async deleteAll(kind: RetentionKind, before: Date): Promise<boolean> {
    let total = 0;
    let size = FIRST_BATCH_SIZE;
    while (!this.stopping.signal.aborted) {
      const startedAt = performance.now();
      const deleted = await this.deleteBatch(kind, before, size);
      if (deleted === undefined) return false;
      total += deleted;
      if (deleted < size) {
        if (total > 0) this.logger.log(`Deleted ${total} rows of kind ${kind} for their age`);
        return true;
      }
      const tookMs = performance.now() - startedAt;
      size = nextBatchSize(size, tookMs);
      await this.pause(tookMs);
    }
    return false;
  }

  /** How many it deleted; undefined where another monitor has the turn. */
  private async deleteBatch(
    kind: RetentionKind,
    before: Date,
    limit: number,
  ): Promise<number | undefined> {
    const deleted = await this.database.dataSource.transaction(async (manager) =>
      (await takeRetentionTurn(manager, { statementTimeoutMs: STATEMENT_TIMEOUT_MS }))
        ? DELETE[kind](manager, before, limit)
        : undefined,
    );
    if (deleted !== undefined) this.metrics.countDeleted(kind, deleted);
    return deleted;
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
