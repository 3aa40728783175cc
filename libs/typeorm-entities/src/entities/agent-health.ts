import type { AgentStatus } from '@askflash/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** pg gives a bigint as text; a resident set stays far below 2^53. */
const wholeNumber = { to: (value: number): number => value, from: Number };

/** What an agent instance last said of itself: `agent.heartbeat.v1`, one row an instance. */
@Entity({
  name: 'agent_health',
  comment: 'What each agent instance last said of itself.',
})
@Check(
  'agent_health_status_check',
  `status IN ('starting', 'healthy', 'unhealthy', 'stopping', 'unknown')`,
)
@Check(
  'agent_health_counts_check',
  `interval_ms >= 1 AND in_flight >= 0 AND processed >= 0 AND failed >= 0 AND cpu_percent >= 0 AND memory_bytes >= 0`,
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

  @Column({ type: 'text' })
  status: AgentStatus;

  @Column({ type: 'text' })
  queue: string;

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
