import type { Failure, JsonObject, TaskStatus } from '@askflash/contracts';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { TaskDagTemplate } from './task-dag-template';

/**
 * A task: the row that is locked, reduced and written back with every transition. Its `status`
 * moves as `TASK_STATUSES` of contracts draws it.
 */
@Entity({
  name: 'task_histories',
  comment: 'Tasks, one row each: the truth about where a task stands.',
})
@Index('task_histories_user_id_id_idx', ['userId', 'id'])
@Index('task_histories_status_id_idx', ['status', 'id'])
@Index('task_histories_template_name_id_idx', ['templateName', 'id'])
@Index('task_histories_idempotency_key_key', ['userId', 'idempotencyKey'], {
  unique: true,
  where: 'idempotency_key IS NOT NULL',
})
@Index('task_histories_wake_at_idx', ['wakeAt'], { where: 'wake_at IS NOT NULL' })
@Index('task_histories_finished_at_idx', ['finishedAt'], { where: 'finished_at IS NOT NULL' })
@Check(
  'task_histories_status_check',
  `status IN ('waiting', 'in_progress', 'complete', 'failed', 'aborted')`,
)
@Check('task_histories_priority_check', `priority BETWEEN 0 AND 9`)
@Check('task_histories_event_seq_check', `event_seq >= 0`)
@Check(
  'task_histories_finished_at_check',
  `(finished_at IS NOT NULL) = (status IN ('complete', 'failed', 'aborted'))`,
)
@Check('task_histories_wake_at_check', `finished_at IS NULL OR wake_at IS NULL`)
export class TaskHistory {
  /** UUIDv7, made by the app. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'task_histories_pkey' })
  id: string;

  @Column({ name: 'user_id', type: 'text' })
  userId: string;

  @Column({ type: 'text' })
  query: string;

  @Column({ type: 'jsonb', default: {} })
  input: JsonObject;

  @Column({ name: 'template_name', type: 'text' })
  templateName: string;

  @Column({ name: 'template_version', type: 'int' })
  templateVersion: number;

  @ManyToOne(() => TaskDagTemplate, { nullable: false })
  @JoinColumn([
    {
      name: 'template_name',
      referencedColumnName: 'name',
      foreignKeyConstraintName: 'task_histories_template_fkey',
    },
    {
      name: 'template_version',
      referencedColumnName: 'version',
      foreignKeyConstraintName: 'task_histories_template_fkey',
    },
  ])
  template?: TaskDagTemplate;

  @Column({ type: 'text', default: 'waiting' })
  status: TaskStatus;

  /** State of dag-templates' reducer. */
  @Column({ type: 'jsonb' })
  state: JsonObject;

  /** Number of the task's last durable event; 0 before the first. */
  @Column({ name: 'event_seq', type: 'int', default: 0 })
  eventSeq: number;

  @Column({ type: 'jsonb', nullable: true })
  result: JsonObject | null;

  @Column({ type: 'jsonb', nullable: true })
  error: Failure | null;

  /** 0–9, 9 the most urgent. */
  @Column({ type: 'smallint', default: 5 })
  priority: number;

  /** What the client sent to make its request repeatable; one task a user and key. */
  @Column({ name: 'idempotency_key', type: 'text', nullable: true })
  idempotencyKey: string | null;

  /** SHA-256 of the request, so that a key used for another request is noticed. */
  @Column({ name: 'request_hash', type: 'text', nullable: true })
  requestHash: string | null;

  /** The task that this one repeats; that one may have been deleted since. */
  @Column({ name: 'retry_of', type: 'uuid', nullable: true })
  retryOf: string | null;

  /** When the poller must look at the task, on the database's clock; null: an event comes first. */
  @Column({ name: 'wake_at', type: 'timestamptz', nullable: true })
  wakeAt: Date | null;

  @Column({ name: 'deadline_at', type: 'timestamptz', nullable: true })
  deadlineAt: Date | null;

  /** W3C trace context of the request that made it; null where it is not traced. */
  @Column({ type: 'text', nullable: true })
  traceparent: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  /** Kept by a trigger. */
  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()', update: false })
  updatedAt: Date;

  /** Set exactly when the status is terminal. */
  @Column({ name: 'finished_at', type: 'timestamptz', nullable: true })
  finishedAt: Date | null;
}
