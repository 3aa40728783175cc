import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Advance } from './advance';
import type { EngineEvent } from './engine-event';
import { StageMetrics } from './stage-metrics';
import type { TaskRecord } from './task-record';
import type { BatchResult } from './transitions';

/** What `/metrics` tells of the engine. Task ids are never labels. */
export class EngineMetrics {
  private readonly events: Counter<'type' | 'outcome'>;
  private readonly created: Counter<'template'>;
  private readonly finished: Counter<'template' | 'status'>;
  private readonly taskSeconds: Histogram<'template' | 'status'>;
  private readonly stages: StageMetrics;
  private readonly batchSize: Histogram;
  private readonly batchSeconds: Histogram;

  constructor(registry: Registry, waitingCount: () => number) {
    const registers = [registry];
    this.events = new Counter({
      name: 'coordinator_events_total',
      help: 'Events taken in, by type and by what became of them: applied, rejected, or why ignored',
      labelNames: ['type', 'outcome'],
      registers,
    });
    this.created = new Counter({
      name: 'coordinator_tasks_created_total',
      help: 'Tasks that were accepted, by template',
      labelNames: ['template'],
      registers,
    });
    this.finished = new Counter({
      name: 'coordinator_tasks_finished_total',
      help: 'Tasks that ended, by template and status',
      labelNames: ['template', 'status'],
      registers,
    });
    this.taskSeconds = new Histogram({
      name: 'coordinator_task_duration_seconds',
      help: 'Time from the acceptance of a task to its end, by template and status',
      labelNames: ['template', 'status'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
      registers,
    });
    this.stages = new StageMetrics(registry);
    this.batchSize = new Histogram({
      name: 'coordinator_batch_events',
      help: 'Events a transaction took',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers,
    });
    this.batchSeconds = new Histogram({
      name: 'coordinator_batch_duration_seconds',
      help: 'Time from the begin of a batch’s transaction to its commit',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    new Gauge({
      name: 'coordinator_events_waiting',
      help: 'Events that wait for a transaction',
      registers,
      collect() {
        this.set(waitingCount());
      },
    });
  }

  /** Counts a committed batch. */
  count(batch: readonly EngineEvent[], { outcomes }: BatchResult, seconds: number): void {
    this.batchSize.observe(batch.length);
    this.batchSeconds.observe(seconds);
    batch.forEach((event, index) => {
      const { type } = event;
      const outcome = outcomes[index];
      if (outcome?.status !== 'fulfilled') {
        this.events.inc({ type, outcome: 'rejected' });
        return;
      }
      const { ignored } = outcome.value;
      this.events.inc({ type, outcome: ignored ?? 'applied' });
      if (ignored === undefined) this.countApplied(event, outcome.value);
    });
  }

  private countApplied(event: EngineEvent, advance: Advance): void {
    const { task, messages } = advance;
    const template = task.template.name;
    if (event.type === 'create' || event.type === 'retry') this.created.inc({ template });
    if ('report' in event) this.stages.countReport(event, advance);
    for (const { payload } of messages) {
      if ('stage' in payload) this.stages.countRequest(payload);
      else this.countFinished(template, task);
    }
  }

  private countFinished(template: string, { state, createdAt, finishedAt }: TaskRecord): void {
    const labels = { template, status: state.status };
    this.finished.inc(labels);
    if (finishedAt) {
      this.taskSeconds.observe(labels, (finishedAt.getTime() - createdAt.getTime()) / 1000);
    }
  }
}
