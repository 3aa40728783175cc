import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** What retention deletes. */
export const RETENTION_KINDS = ['task', 'condition', 'agent_instance'] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** What `/metrics` tells of retention. */
@Injectable()
export class RetentionMetrics {
  private readonly deleted: Counter<'kind'>;
  private readonly lastRun: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.deleted = new Counter({
      name: 'mcp_retention_deleted_total',
      help: 'Rows that were deleted for their age, by what they are; a task goes with all of its rows',
      labelNames: ['kind'],
      registers,
    });
    for (const kind of RETENTION_KINDS) this.deleted.inc({ kind }, 0);
    this.lastRun = new Gauge({
      name: 'mcp_retention_last_run_timestamp_seconds',
      help: 'When this monitor last deleted all that was too old; 0 where it has not',
      registers,
    });
  }

  countDeleted(kind: RetentionKind, count: number): void {
    this.deleted.inc({ kind }, count);
  }

  noteRun(at: Date): void {
    this.lastRun.set(at.getTime() / 1000);
  }
}
