import type { AgentStatus } from '@askflash/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** pg gives a bigint as text; a resident set stays far below 2^53. */
const wholeNumber = { to: (value: number): number => value, from: Number };

/**
 * An agent instance: what it last said of itself (`agent.heartbeat.v1`), and what the health-monitor
 * makes of it, as `assessInstance` draws it.
 */
@Entity({
  name: 'agent_health',
  comment:
    'Each agent instance: what it last said of itself, and what the health-monitor makes of it.',
})
@Check(
  'agent_health_status_check',
  `status IN ('starting', 'healthy', 'unhealthy', 'stopping', 'unknown')`,
)
@Check(
  'agent_health_reported_status_check',
  `reported_status IN ('starting', 'healthy', 'unhealthy', 'stopping', 'unknown')`,
)
@Check(
  'agent_health_counts_check',
  `interval_ms >= 1 AND in_flight >= 0 AND processed >= 0 AND failed >= 0 AND cpu_percent >= 0 AND memory_bytes >= 0 AND queue_size >= 0`,
)
export class AgentHealth {
  @PrimaryColumn({
    name: 'instance_id',
    type: 'uuid',
    primaryKeyConstraintName: 'agent_health_pkey',
  })
  instanceId: string;

  @Column({ type: 'text' })
  agent: string;

  @Column({ type: 'text' })
  version: string;

  /** As the health-monitor sees it. */
  @Column({ type: 'text' })
  status: AgentStatus;

  /** As the instance last said itself. */
  @Column({ name: 'reported_status', type: 'text', default: 'unknown' })
  reportedStatus: AgentStatus;

  /** Why it is unhealthy, in a sentence; null where it is not. */
  @Column({ name: 'status_reason', type: 'text', nullable: true })
  statusReason: string | null;

  @Column({ type: 'text' })
  queue: string;

  /** Messages that waited in its queue when it was last looked at. */
  @Column({ name: 'queue_size', type: 'int', default: 0 })
  queueSize: number;

  /** When it last answered a canary, on the database's clock; null where it has answered none. */
  @Column({ name: 'canary_at', type: 'timestamptz', nullable: true })
  canaryAt: Date | null;

  @Column({ type: 'text', array: true })
  stages: string[];

  @Column({ name: 'started_at', type: 'timestamptz' })
  startedAt: Date;

  /** Of the last heartbeat, on the database's clock. */
  @Column({ name: 'last_seen_at', type: 'timestamptz', default: () => 'now()' })
  lastSeenAt: Date;

  /** Between two heartbeats. */
  @Column({ name: 'interval_ms', type: 'int' })
  intervalMs: number;

  @Column({ name: 'in_flight', type: 'int', default: 0 })
  inFlight: number;

  /** Stages worked off since its start, failed ones included. */
  @Column({ type: 'bigint', default: 0, transformer: wholeNumber })
  processed: number;

  @Column({ type: 'bigint', default: 0, transformer: wholeNumber })
  failed: number;

  /** Of one core. */
  @Column({ name: 'cpu_percent', type: 'double precision', default: 0 })
  cpuPercent: number;

  /** Resident set size. */
  @Column({ name: 'memory_bytes', type: 'bigint', default: 0, transformer: wholeNumber })
  memoryBytes: number;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  /** Kept by a trigger. */
  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()', update: false })
  updatedAt: Date;
}
