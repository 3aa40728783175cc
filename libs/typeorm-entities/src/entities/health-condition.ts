import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How much a condition matters: `critical` wants somebody now. */
export const CONDITION_SEVERITIES = ['warning', 'critical'] as const;
export type ConditionSeverity = (typeof CONDITION_SEVERITIES)[number];

/** What happens to a condition, and what the webhook is told of it. */
export const CONDITION_EVENTS = ['opened', 'closed'] as const;
export type ConditionEvent = (typeof CONDITION_EVENTS)[number];

/**
 * Something that was wrong for a while, as the health-monitor saw it.
 *
 * ```
 * (nothing) ──found, long enough──► open ──not found, long enough──► closed
 * ```
 *
 * Of one name and subject at most one is open.
 */
@Entity({
  name: 'health_conditions',
  comment: 'What was wrong with the backbone, from when to when; kept by the health-monitor.',
})
@Index('health_conditions_open_key', ['name', 'subject'], {
  unique: true,
  where: 'closed_at IS NULL',
})
@Index('health_conditions_notify_at_idx', ['notifyAt'], { where: 'notify_at IS NOT NULL' })
@Index('health_conditions_closed_at_idx', ['closedAt'], { where: 'closed_at IS NOT NULL' })
@Check('health_conditions_severity_check', `severity IN ('warning', 'critical')`)
@Check('health_conditions_notified_check', `notified IN ('opened', 'closed')`)
@Check('health_conditions_notify_attempts_check', `notify_attempts >= 0`)
export class HealthCondition {
  /** UUIDv7, made by the app; also the id of its notifications. */
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'health_conditions_pkey' })
  id: string;

  /** What is wrong: `queue_stuck`. */
  @Column({ type: 'text' })
  name: string;

  /** With what: a queue, an agent's instance, a server. */
  @Column({ type: 'text' })
  subject: string;

  @Column({ type: 'text' })
  severity: ConditionSeverity;

  /** One sentence with the figures of when it was last seen. */
  @Column({ type: 'text' })
  summary: string;

  /** The figure that crossed the threshold, in the unit of its name; null where there is none. */
  @Column({ type: 'double precision', nullable: true })
  value: number | null;

  @Column({ type: 'double precision', nullable: true })
  threshold: number | null;

  @Column({ name: 'opened_at', type: 'timestamptz', default: () => 'now()' })
  openedAt: Date;

  @Column({ name: 'last_seen_at', type: 'timestamptz', default: () => 'now()' })
  lastSeenAt: Date;

  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true })
  closedAt: Date | null;

  /** The last event that the webhook was told of, or that it could not be told of for too long. */
  @Column({ type: 'text', nullable: true })
  notified: ConditionEvent | null;

  /** When the webhook is to be told of it next; null where it knows, or there is none. */
  @Column({ name: 'notify_at', type: 'timestamptz', nullable: true })
  notifyAt: Date | null;

  /** How often the webhook was tried for what it does not know yet. */
  @Column({ name: 'notify_attempts', type: 'int', default: 0 })
  notifyAttempts: number;
}
