import type { JsonObject, TaskEventType } from '@askflash/contracts';
import { Check, Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { TaskHistory } from './task-history';

/** A durable event of a task, `TaskEvent` of contracts: appended in the transition that makes it. */
@Entity({
  name: 'task_stage_logs',
  comment: 'Durable events of tasks, appended by the transition that makes them.',
})
@Check('task_stage_logs_seq_check', `seq >= 1`)
@Check('task_stage_logs_attempt_check', `attempt >= 1`)
export class TaskStageLog {
  @PrimaryColumn({
    name: 'task_id',
    type: 'uuid',
    primaryKeyConstraintName: 'task_stage_logs_pkey',
  })
  taskId: string;

  /** 1, 2, 3 … within the task, without a gap. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'task_stage_logs_pkey' })
  seq: number;

  @ManyToOne(() => TaskHistory, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'task_id', foreignKeyConstraintName: 'task_stage_logs_task_id_fkey' })
  task?: TaskHistory;

  @Column({ type: 'text' })
  type: TaskEventType;

  @Column({ type: 'text', nullable: true })
  stage: string | null;

  @Column({ type: 'int', nullable: true })
  attempt: number | null;

  @Column({ type: 'jsonb', default: {} })
  data: JsonObject;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  at: Date;
}
