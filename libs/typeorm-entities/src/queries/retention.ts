import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { AgentHealth } from '../entities/agent-health';
import { HealthCondition } from '../entities/health-condition';

const turn = z.tuple([z.object({ taken: z.boolean() })]);

/**
 * Takes the turn of deleting what is old, until the transaction ends, and limits its statements.
 *
 * @returns false where another process has the turn
 */
export async function takeRetentionTurn(
  manager: EntityManager,
  { statementTimeoutMs }: { readonly statementTimeoutMs: number },
): Promise<boolean> {
  const rows: unknown = await manager.query(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('retention', 0)) AS taken,
            set_config('statement_timeout', $1, true)`,
    [String(Math.trunc(statementTimeoutMs))],
  );
  return turn.parse(rows)[0].taken;
}

/**
 * Deletes conditions that ended before a point in time, oldest first. One that the webhook does not
 * know yet stays.
 *
 * @returns how many were deleted; fewer than `limit` means that none is left
 */
export async function deleteClosedConditions(
  manager: EntityManager,
  { closedBefore, limit }: { readonly closedBefore: Date; readonly limit: number },
): Promise<number> {
  const deletion = await manager
    .createQueryBuilder()
    .delete()
    .from(HealthCondition)
    .where(
      `id IN (SELECT id FROM health_conditions
               WHERE closed_at < :closedBefore AND notify_at IS NULL
               ORDER BY closed_at
               LIMIT :limit
                 FOR UPDATE SKIP LOCKED)`,
      { closedBefore, limit },
    )
    .execute();
  return deletion.affected ?? 0;
}

/**
 * Deletes agent instances that nothing was heard of since a point in time.
 *
 * @returns how many were deleted; fewer than `limit` means that none is left
 */
export async function deleteGoneInstances(
  manager: EntityManager,
  { seenBefore, limit }: { readonly seenBefore: Date; readonly limit: number },
): Promise<number> {
  const deletion = await manager
    .createQueryBuilder()
    .delete()
    .from(AgentHealth)
    .where(
      `instance_id IN (SELECT instance_id FROM agent_health
                        WHERE last_seen_at < :seenBefore
                        LIMIT :limit
                          FOR UPDATE SKIP LOCKED)`,
      { seenBefore, limit },
    )
    .execute();
  return deletion.affected ?? 0;
}
