import type { JsonObject } from '@askflash/contracts';
import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { TaskHistory } from './task-history';

/**
 * A message that a committed transition owes to the broker. It is written in the transaction of the
 * transition and deleted once the broker has confirmed it, so what is here is what may be unsent.
 */
@Entity({
  name: 'task_outbox',
  comment: 'Messages that committed transitions owe to the broker; deleted once confirmed.',
})
@Index('task_outbox_next_attempt_at_idx', ['nextAttemptAt'])
@Index('task_outbox_task_id_idx', ['taskId'])
@Check('task_outbox_attempts_check', `attempts >= 0`)
export class TaskOutbox {
  /** UUIDv7, made by the app; also the message's id, so that a second delivery is told as one. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'task_outbox_pkey' })
  id: string;

  @Column({ name: 'task_id', type: 'uuid' })
  taskId: string;

  @ManyToOne(() => TaskHistory, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'task_id', foreignKeyConstraintName: 'task_outbox_task_id_fkey' })
  task?: TaskHistory;

  /** Type of its contract: `stage.requested.v1`. */
  @Column({ type: 'text' })
  type: string;

  @Column({ type: 'jsonb' })
  payload: JsonObject;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt: Date;

  /** From when on the poller may send it; who wrote the row sends it before that. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz' })
  nextAttemptAt: Date;

  /** How often the poller has tried. */
  @Column({ type: 'int', default: 0 })
  attempts: number;

  /** W3C trace context that its message goes out under; null where its task is not traced. */
  @Column({ type: 'text', nullable: true })
  traceparent: string | null;
}
