import type { StageRequested } from '@askflash/contracts';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Advance } from './advance';
import type { EngineEvent } from './engine-event';

const SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300];

/** What `/metrics` tells of stages; their names are those of templates, so there are few. */
export class StageMetrics {
  private readonly requests: Counter<'stage' | 'retry'>;
  private readonly queueWait: Histogram<'stage'>;
  private readonly run: Histogram<'stage' | 'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.requests = new Counter({
      name: 'coordinator_stage_requests_total',
      help: 'Attempts at stages that were requested, and whether one was requested before',
      labelNames: ['stage', 'retry'],
      registers,
    });
    this.queueWait = new Histogram({
      name: 'coordinator_stage_queue_wait_seconds',
      help: 'Time an attempt was not worked at, from its request to its result',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    });
    this.run = new Histogram({
      name: 'coordinator_stage_run_seconds',
      help: 'Time an agent took for an attempt, by what came of it',
      labelNames: ['stage', 'outcome'],
      buckets: SECONDS,
      registers,
    });
  }

  countRequest({ stage, attempt }: StageRequested): void {
    this.requests.inc({ stage, retry: String(attempt > 1) });
  }

  /** Counts a report that moved its task. */
  countReport(
    { type, report }: Extract<EngineEvent, { report: unknown }>,
    { queueWaitMs }: Advance,
  ): void {
    const { stage, durationMs } = report;
    const outcome = type === 'stage.completed' ? 'completed' : 'failed';
    this.run.observe({ stage, outcome }, durationMs / 1000);
    if (queueWaitMs !== undefined) this.queueWait.observe({ stage }, queueWaitMs / 1000);
  }
}
