import { ID, NAME, STAGE_STATUSES, TASK_STATUSES } from '@askflash/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const recentTask = z.object({
  id: ID,
  template: NAME,
  status: z.enum(TASK_STATUSES),
  createdAt: z.date(),
  /** Null while it runs. */
  finishedAt: z.date().nullable(),
  /** In the template's order, those put in before the stage that waits for them. */
  stages: z.array(
    z.object({ name: NAME, status: z.enum(STAGE_STATUSES), attempt: z.int().min(0) }),
  ),
});

/** A task with where its stages stand, without what they gave. */
export type RecentTask = z.output<typeof recentTask>;

/** The newest tasks. */
export async function selectRecentTasks(
  manager: EntityManager,
  { limit }: { readonly limit: number },
): Promise<RecentTask[]> {
  const rows: unknown = await manager.query(
    `SELECT task.id, task.template_name AS template, task.status, task.created_at AS "createdAt",
            task.finished_at AS "finishedAt", coalesce(stages.list, '[]') AS stages
       FROM (SELECT * FROM task_histories ORDER BY id DESC LIMIT $1) AS task
       JOIN task_dag_templates AS template
         ON template.name = task.template_name AND template.version = task.template_version
      CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                 'name', stage.key, 'status', stage.value -> 'status',
                 'attempt', stage.value -> 'attempt')
               ORDER BY coalesce(own.position, successor.position - 0.5)) AS list
          FROM jsonb_each(task.state -> 'stages') AS stage
          LEFT JOIN jsonb_array_elements(template.definition -> 'stages')
                    WITH ORDINALITY AS own (stage, position)
            ON own.stage ->> 'name' = stage.key
          LEFT JOIN jsonb_array_elements(task.state -> 'inserted') AS inserted (entry)
            ON inserted.entry -> 'stage' ->> 'name' = stage.key
          LEFT JOIN jsonb_array_elements(template.definition -> 'stages')
                    WITH ORDINALITY AS successor (stage, position)
            ON successor.stage ->> 'name' = inserted.entry ->> 'before'
      ) AS stages
      ORDER BY task.id DESC`,
    [limit],
  );
  return z.array(recentTask).parse(rows);
}
