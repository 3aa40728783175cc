import { taskEvent, type TaskEvent } from '@askflash/contracts';
import { parseTemplate, type TaskTemplate } from '@askflash/dag-templates';
import { TASK_STATUSES } from '@askflash/contracts';
import { Client } from 'pg';
import { z } from 'zod';
import type { TaskFacts } from './task-facts';

const taskRow = z.object({
  id: z.string(),
  status: z.enum(TASK_STATUSES),
  event_seq: z.number(),
  definition: z.unknown(),
  template: z.string(),
});
const eventRow = taskEvent.omit({ taskId: true, at: true }).extend({
  task_id: z.string(),
  at: z.date(),
});
const reportRow = z.object({ task_id: z.string(), stage: z.string(), attempt: z.number() });

/** Every task of a database, and how many messages it still owes. */
export async function readFacts(
  databaseUrl: string,
): Promise<{ readonly tasks: readonly TaskFacts[]; readonly unsentCount: number }> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    // One snapshot for all of them.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const tasks = await client.query(
      `SELECT id, status, event_seq, definition, name || '@' || version AS template
         FROM task_histories
         JOIN task_dag_templates ON (name, version) = (template_name, template_version)
        ORDER BY id`,
    );
    const events = await client.query(
      'SELECT task_id, seq, type, stage, attempt, data, at FROM task_stage_logs ORDER BY task_id, seq',
    );
    const reports = await client.query('SELECT task_id, stage, attempt FROM agent_performance');
    const unsent = await client.query('SELECT count(*)::int AS count FROM task_outbox');
    const eventsOf = groupBy(z.array(eventRow).parse(events.rows));
    const reportsOf = groupBy(z.array(reportRow).parse(reports.rows));
    const templates = new Map<string, TaskTemplate>();
    return {
      unsentCount: z.tuple([z.object({ count: z.number() })]).parse(unsent.rows)[0].count,
      tasks: z
        .array(taskRow)
        .parse(tasks.rows)
        .map(({ id, status, event_seq: eventSeq, definition, template: name }) => {
          const template = templates.get(name) ?? parseTemplate(definition);
          templates.set(name, template);
          const own = (eventsOf.get(id) ?? []).map(toEvent);
          return { id, status, eventSeq, template, events: own, reported: reportsOf.get(id) ?? [] };
        }),
    };
  } finally {
    await client.end();
  }
}

function toEvent({ task_id: taskId, at, ...event }: z.output<typeof eventRow>): TaskEvent {
  return { taskId, at: at.toISOString(), ...event };
}

function groupBy<Row extends { readonly task_id: string }>(rows: readonly Row[]) {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.task_id);
    if (group) group.push(row);
    else groups.set(row.task_id, [row]);
  }
  return groups;
}
