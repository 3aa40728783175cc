import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { StageReport } from './report';

/** How a stage went. */
export type StageOutcome = StageReport['outcome'];

/** What an agent's `/metrics` tells of its stages. Task ids are never labels. */
export class StageMetrics {
  private readonly stages: Counter<'stage' | 'outcome'>;
  private readonly duration: Histogram<'stage' | 'outcome'>;
  private readonly inFlight: Gauge<'stage'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.stages = new Counter({
      name: 'agent_stages_total',
      help: 'Stages worked off, by what became of them',
      labelNames: ['stage', 'outcome'],
      registers,
    });
    this.duration = new Histogram({
      name: 'agent_stage_duration_seconds',
      help: 'Time from taking a request on to its outcome, progress written',
      labelNames: ['stage', 'outcome'],
      buckets: [0.005, 0.02, 0.1, 0.5, 1, 5, 15, 60, 300],
      registers,
    });
    this.inFlight = new Gauge({
      name: 'agent_stages_in_flight',
      help: 'Stages being worked off',
      labelNames: ['stage'],
      registers,
    });
  }

  /**
   * Counts a stage as being worked off; the function given back ends that with the outcome, or with
   * none where the instance stops and hands the stage back.
   */
  start(stage: string): (outcome: StageOutcome | undefined) => void {
    const startedAt = performance.now();
    this.inFlight.inc({ stage });
    return (outcome) => {
      this.inFlight.dec({ stage });
      if (outcome === undefined) return;
      this.stages.inc({ stage, outcome });
      this.duration.observe({ stage, outcome }, (performance.now() - startedAt) / 1000);
    };
  }
}
