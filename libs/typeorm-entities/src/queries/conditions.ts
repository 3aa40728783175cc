import { IsNull, Not, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { HealthCondition } from '../entities/health-condition';
import { toJson } from './to-json';

/*
 * Several health-monitors write here without asking each other. Of one name and subject at most one
 * condition is open, so whoever comes first opens or closes it, and the others learn that they were
 * not the first. Rows are locked in one order, so that two monitors never wait for each other.
 */

/** What a condition is of. */
export type ConditionKey = Pick<HealthCondition, 'name' | 'subject'>;

/** A condition that begins; one that is over already, where it could not be written down before. */
export type NewCondition = Omit<HealthCondition, 'notifyAt' | 'notifyAttempts'>;

/** What was found of an open condition. */
export type ConditionSighting = ConditionKey &
  Pick<HealthCondition, 'summary' | 'value' | 'lastSeenAt'>;

/** The end of a condition. */
export type ConditionClosing = ConditionKey & {
  readonly closedAt: Date;
  /** The webhook knows of the end. */
  readonly notified: boolean;
};

const keyRow = z.object({ id: z.string(), name: z.string(), subject: z.string() });
const keys = z.array(keyRow.omit({ id: true }));
/** A condition's row, told by what it is of. */
export type ConditionRow = z.output<typeof keyRow>;

/** The conditions that are open, oldest first. */
export function selectOpenConditions(manager: EntityManager): Promise<HealthCondition[]> {
  return manager.find(HealthCondition, {
    where: { closedAt: IsNull() },
    order: { openedAt: 'ASC' },
  });
}

/** The conditions that are over, the latest first. */
export function selectClosedConditions(
  manager: EntityManager,
  { limit }: { readonly limit: number },
): Promise<HealthCondition[]> {
  return manager.find(HealthCondition, {
    where: { closedAt: Not(IsNull()) },
    order: { closedAt: 'DESC' },
    take: limit,
  });
}

/**
 * Opens conditions. One that another monitor has opened stays its; one that is written already is
 * left out.
 *
 * @param notify whether a webhook is to be told of them
 * @returns the row of each: under the id given, or under that of the monitor that was first
 */
export async function openConditions(
  manager: EntityManager,
  conditions: readonly NewCondition[],
  { notify }: { readonly notify: boolean },
): Promise<ConditionRow[]> {
  if (conditions.length === 0) return [];
  const rows: unknown = await manager.query(
    `INSERT INTO health_conditions AS known (
       id, name, subject, severity, summary, value, threshold, opened_at, last_seen_at, closed_at,
       notified, notify_at)
     SELECT id, name, subject, severity, summary, value, threshold, "openedAt", "lastSeenAt",
            "closedAt", notified,
            CASE WHEN $2 AND notified IS DISTINCT FROM
                   CASE WHEN "closedAt" IS NULL THEN 'opened' ELSE 'closed' END
                 THEN statement_timestamp() END
       FROM jsonb_to_recordset($1) AS condition (
         id uuid, name text, subject text, severity text, summary text, value double precision,
         threshold double precision, "openedAt" timestamptz, "lastSeenAt" timestamptz,
         "closedAt" timestamptz, notified text)
      WHERE NOT EXISTS (SELECT 1 FROM health_conditions WHERE id = condition.id)
      ORDER BY name, subject, "openedAt"
     ON CONFLICT (name, subject) WHERE closed_at IS NULL
     DO UPDATE SET last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)
     RETURNING id, name, subject`,
    [toJson(conditions), notify],
  );
  return z.array(keyRow).parse(rows);
}

/**
 * Notes that open conditions were found again.
 *
 * @returns those that are not open, and were not closed since they were found: nobody keeps them
 */
export async function touchConditions(
  manager: EntityManager,
  sightings: readonly ConditionSighting[],
): Promise<ConditionKey[]> {
  if (sightings.length === 0) return [];
  const earliest = new Date(Math.min(...sightings.map(({ lastSeenAt }) => lastSeenAt.getTime())));
  const rows: unknown = await manager.query(
    `WITH seen AS (
       SELECT * FROM jsonb_to_recordset($1) AS seen (
         name text, subject text, summary text, value double precision, "lastSeenAt" timestamptz)
     ), held AS (
       SELECT id, seen.* FROM health_conditions JOIN seen USING (name, subject)
        WHERE closed_at IS NULL ORDER BY name, subject FOR UPDATE OF health_conditions
     ), touched AS (
       UPDATE health_conditions AS known
          SET summary = held.summary, value = held.value,
              last_seen_at = greatest(known.last_seen_at, held."lastSeenAt")
         FROM held WHERE known.id = held.id
       RETURNING known.name, known.subject
     )
     SELECT name, subject FROM seen
      WHERE NOT EXISTS (SELECT 1 FROM touched
                         WHERE touched.name = seen.name AND touched.subject = seen.subject)
        AND NOT EXISTS (SELECT 1 FROM health_conditions AS ended
                         WHERE ended.name = seen.name AND ended.subject = seen.subject
                           AND ended.closed_at >= seen."lastSeenAt" AND ended.closed_at >= $2)`,
    [toJson(sightings), earliest],
  );
  return keys.parse(rows);
}

const closedRows = z.tuple([z.array(keyRow), z.number()]);

/**
 * Closes conditions, each name and subject at most once. What opened after the moment given stays.
 *
 * @param notify whether a webhook is to be told of it
 * @returns the rows of those that this call has closed
 */
export async function closeConditions(
  manager: EntityManager,
  closings: readonly ConditionClosing[],
  { notify }: { readonly notify: boolean },
): Promise<ConditionRow[]> {
  if (closings.length === 0) return [];
  const answer: unknown = await manager.query(
    `WITH held AS (
       SELECT known.id, closing.* FROM health_conditions AS known
         JOIN jsonb_to_recordset($1) AS closing (
                name text, subject text, "closedAt" timestamptz, notified boolean)
        USING (name, subject)
        WHERE known.closed_at IS NULL AND known.opened_at <= closing."closedAt"
        ORDER BY name, subject FOR UPDATE OF known
     )
     UPDATE health_conditions AS known
        SET closed_at = held."closedAt",
            notified = CASE WHEN held.notified THEN 'closed' ELSE known.notified END,
            notify_at = CASE WHEN held.notified THEN NULL
                             WHEN $2 THEN coalesce(known.notify_at, statement_timestamp())
                             ELSE known.notify_at END
       FROM held WHERE known.id = held.id
     RETURNING known.id, known.name, known.subject`,
    [toJson(closings), notify],
  );
  return closedRows.parse(answer)[0];
}
