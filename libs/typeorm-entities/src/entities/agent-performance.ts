import {
  Check,
  Column,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Unique,
} from 'typeorm';
import { TaskHistory } from './task-history';

/** How an attempt ended. */
export const ATTEMPT_OUTCOMES = ['completed', 'failed'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** How one attempt at a stage went. */
@Entity({
  name: 'agent_performance',
  comment: 'How each attempt at a stage went.',
})
@Unique('agent_performance_task_id_stage_attempt_key', ['taskId', 'stage', 'attempt'])
@Index('agent_performance_created_at_idx', ['createdAt'])
@Check('agent_performance_attempt_check', `attempt >= 1`)
@Check('agent_performance_outcome_check', `outcome IN ('completed', 'failed')`)
@Check('agent_performance_duration_ms_check', `duration_ms >= 0 AND queue_wait_ms >= 0`)
export class AgentPerformance {
  /** UUIDv7, made by the app. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'agent_performance_pkey' })
  id: string;

  @Column({ name: 'task_id', type: 'uuid' })
  taskId: string;

  @ManyToOne(() => TaskHistory, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'task_id', foreignKeyConstraintName: 'agent_performance_task_id_fkey' })
  task?: TaskHistory;

  @Column({ type: 'text' })
  stage: string;

  @Column({ type: 'int' })
  attempt: number;

  @Column({ type: 'text' })
  agent: string;

  @Column({ name: 'instance_id', type: 'uuid' })
  instanceId: string;

  @Column({ type: 'text' })
  outcome: AttemptOutcome;

  @Column({ name: 'error_code', type: 'text', nullable: true })
  errorCode: string | null;

  /** What the agent took for it. */
  @Column({ name: 'duration_ms', type: 'double precision' })
  durationMs: number;

  /** How long it waited for the agent. */
  @Column({ name: 'queue_wait_ms', type: 'double precision', nullable: true })
  queueWaitMs: number | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
