import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Admission } from './admission';
import type { Engine } from './engine';
import type { Outbox } from './outbox';
import type { TaskReader } from './task-reader';
import type { ViewSweep } from './view-sweep';
import type { ViewWriter } from './view-writer';

/** The most tasks or messages one look takes. */
const LIMIT_COUNT = 200;

/** What the poller looks after. */
export interface PollerParts {
  readonly engine: Engine;
  readonly outbox: Outbox;
  readonly views: ViewWriter;
  readonly sweep: ViewSweep;
  readonly reader: TaskReader;
  readonly admission: Admission;
  readonly dataSource: DataSource;
  readonly intervalMs: number;
}

/**
 * Finds what no message will bring: time-outs, retries that are due, deadlines, messages unsent or
 * unsendable, views behind; and measures what waits. Any number of coordinators may poll; what two
 * of them find is applied once.
 *
 * ```
 * stopped ──start──► waiting ──interval over──► looking ──► waiting
 *    ▲                  └──stop──┐                  │
 *    └───────────────────────────┴──────stop────────┘
 * ```
 */
export class Poller {
  private readonly logger = new Logger(Poller.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = true;

  constructor(private readonly parts: PollerParts) {}

  start(): void {
    this.stopped = false;
    this.schedule();
  }

  /** Resolves once a look that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.all([this.looking, this.parts.sweep.stop()]);
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.schedule());
    }, this.parts.intervalMs);
  }

  /** Never rejects: what cannot be done now is done next time. */
  private async look(): Promise<void> {
    const { engine, outbox, views, sweep, reader, admission, dataSource } = this.parts;
    sweep.beginWhereDue();
    try {
      await admission.measure();
      const due = await reader.due(LIMIT_COUNT);
      await Promise.all(due.map((taskId) => engine.apply({ type: 'tick', taskId })));
      const { taskIds, sent } = await outbox.sendOverdue(dataSource, LIMIT_COUNT);
      // Who wrote these may have crashed before it wrote their tasks' views.
      for (const taskId of taskIds) views.markStale(taskId);
      await views.refresh();
      outbox.settle(sent);
      await this.giveUpUnsendable();
      await engine.flushConfirmed();
    } catch (error) {
      this.logger.warn(`A look for overdue work failed: ${error}`);
    }
  }

  /** A stage whose request can never be sent fails at once, rather than when its time is over. */
  private async giveUpUnsendable(): Promise<void> {
    const { engine, outbox } = this.parts;
    for (const { id, request, error } of outbox.takeUnsendable()) {
      this.logger.error(`Message ${id} is given up: ${error.message}`);
      if (request) {
        const { taskId, stage, attempt } = request;
        await engine.apply({ type: 'stage.unsendable', taskId, stage, attempt, error });
      }
      outbox.settle([id]);
    }
  }
}
