import type { TaskStatus } from '@askflash/contracts';
import { ViewColumn, ViewEntity } from 'typeorm';

/** Tasks per template version, status and day (UTC) of their making. */
@ViewEntity({
  name: 'task_analytics',
  synchronize: false,
  expression: `
    SELECT template_name,
           template_version,
           status,
           day,
           count(*)::int AS tasks,
           avg(duration_ms) AS avg_duration_ms,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50_duration_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95_duration_ms,
           avg(event_seq)::double precision AS avg_events
      FROM (SELECT template_name,
                   template_version,
                   status,
                   event_seq,
                   to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day,
                   (extract(epoch FROM finished_at - created_at) * 1000)::double precision AS duration_ms
              FROM task_histories) AS tasks
     GROUP BY template_name, template_version, status, day`,
})
export class TaskAnalytics {
  @ViewColumn({ name: 'template_name' })
  templateName: string;

  @ViewColumn({ name: 'template_version' })
  templateVersion: number;

  @ViewColumn()
  status: TaskStatus;

  /** `2026-01-31`, in UTC. */
  @ViewColumn()
  day: string;

  @ViewColumn()
  tasks: number;

  /** From making to end; null while none has ended. */
  @ViewColumn({ name: 'avg_duration_ms' })
  avgDurationMs: number | null;

  @ViewColumn({ name: 'p50_duration_ms' })
  p50DurationMs: number | null;

  @ViewColumn({ name: 'p95_duration_ms' })
  p95DurationMs: number | null;

  /** Durable events a task. */
  @ViewColumn({ name: 'avg_events' })
  avgEvents: number;
}
