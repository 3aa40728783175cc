import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { EngineEvent } from './engine-event';
import type { BatchResult } from './transitions';

/** What `/metrics` tells of the engine. Task ids are never labels. */
export class EngineMetrics {
  private readonly events: Counter<'type' | 'outcome'>;
  private readonly finished: Counter<'template' | 'status'>;
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
    this.finished = new Counter({
      name: 'coordinator_tasks_finished_total',
      help: 'Tasks that ended, by template and status',
      labelNames: ['template', 'status'],
      registers,
    });
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
    batch.forEach(({ type }, index) => {
      const outcome = outcomes[index];
      if (outcome?.status !== 'fulfilled') {
        this.events.inc({ type, outcome: 'rejected' });
        return;
      }
      const { ignored, task, messages } = outcome.value;
      this.events.inc({ type, outcome: ignored ?? 'applied' });
      if (messages.some(({ contract }) => contract.type === 'task.finished.v1')) {
        this.finished.inc({ template: task.template.name, status: task.state.status });
      }
    });
  }
}
