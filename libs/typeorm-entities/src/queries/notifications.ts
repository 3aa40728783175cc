import { IsNull, type EntityManager } from 'typeorm';
import { z } from 'zod';
import {
  CONDITION_EVENTS,
  CONDITION_SEVERITIES,
  HealthCondition,
  type ConditionEvent,
} from '../entities/health-condition';

const leasedRow = z.object({
  id: z.string(),
  name: z.string(),
  subject: z.string(),
  severity: z.enum(CONDITION_SEVERITIES),
  summary: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  openedAt: z.date(),
  closedAt: z.date().nullable(),
  notified: z.enum(CONDITION_EVENTS).nullable(),
  notifyAttempts: z.int(),
});

/** A condition that the webhook is to be told of; its attempt's number is a fencing token. */
export type LeasedNotification = z.output<typeof leasedRow>;

/** What the webhook is to be told next of a condition. */
export function eventOf({ notified }: Pick<LeasedNotification, 'notified'>): ConditionEvent {
  return notified === null ? 'opened' : 'closed';
}

const leasedRows = z.tuple([z.array(leasedRow), z.number()]);

/**
 * Takes conditions that the webhook is to be told of now, longest due first, and counts an attempt.
 * For `leaseMs` nobody else gets them; what another process just takes is left to it.
 */
export async function leaseNotifications(
  manager: EntityManager,
  { limit, leaseMs }: { readonly limit: number; readonly leaseMs: number },
): Promise<LeasedNotification[]> {
  const answer: unknown = await manager.query(
    `WITH due AS (
       SELECT id FROM health_conditions WHERE notify_at <= statement_timestamp()
        ORDER BY notify_at LIMIT $1 FOR UPDATE SKIP LOCKED
     )
     UPDATE health_conditions AS known
        SET notify_at = statement_timestamp() + $2 * interval '1 millisecond',
            notify_attempts = notify_attempts + 1
       FROM due WHERE known.id = due.id
     RETURNING known.id, name, subject, severity, summary, value, threshold,
               opened_at AS "openedAt", closed_at AS "closedAt", notified,
               notify_attempts AS "notifyAttempts"`,
    [limit, leaseMs],
  );
  return leasedRows.parse(answer)[0];
}

/**
 * Notes that the webhook has been told, or is told no more, of the event that was due. One that was
 * closed meanwhile is due again at once.
 */
export async function settleNotification(
  manager: EntityManager,
  lease: LeasedNotification,
): Promise<void> {
  const event = eventOf(lease);
  await manager.update(HealthCondition, leasedBy(lease), {
    notified: event,
    notifyAttempts: 0,
    notifyAt:
      event === 'closed'
        ? null
        : () => `CASE WHEN closed_at IS NOT NULL THEN statement_timestamp() END`,
  });
}

/** Has the webhook told again after a while. */
export async function postponeNotification(
  manager: EntityManager,
  lease: LeasedNotification,
  delayMs: number,
): Promise<void> {
  await manager.update(HealthCondition, leasedBy(lease), {
    notifyAt: () => `statement_timestamp() + ${Math.trunc(delayMs)} * interval '1 millisecond'`,
  });
}

/** A row whose lease has run out, and which another process has taken since, is not found. */
function leasedBy({ id, notified, notifyAttempts }: LeasedNotification) {
  return { id, notifyAttempts, notified: notified ?? IsNull() };
}
