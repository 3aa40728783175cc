import { ViewColumn, ViewEntity } from 'typeorm';

/** Attempts of the last 24 hours, per agent and stage. */
@ViewEntity({
  name: 'agent_performance_summary',
  synchronize: false,
  expression: `
    SELECT agent,
           stage,
           count(*)::int AS attempts,
           (count(*) FILTER (WHERE outcome = 'completed'))::int AS completed,
           (count(*) FILTER (WHERE outcome = 'failed'))::int AS failed,
           avg(duration_ms) AS avg_duration_ms,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50_duration_ms,
           percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95_duration_ms,
           avg(queue_wait_ms) AS avg_queue_wait_ms,
           max(created_at) AS last_at
      FROM agent_performance
     WHERE created_at >= now() - interval '24 hours'
     GROUP BY agent, stage`,
})
export class AgentPerformanceSummary {
  @ViewColumn()
  agent: string;

  @ViewColumn()
  stage: string;

  @ViewColumn()
  attempts: number;

  @ViewColumn()
  completed: number;

  @ViewColumn()
  failed: number;

  @ViewColumn({ name: 'avg_duration_ms' })
  avgDurationMs: number;

  @ViewColumn({ name: 'p50_duration_ms' })
  p50DurationMs: number;

  @ViewColumn({ name: 'p95_duration_ms' })
  p95DurationMs: number;

  @ViewColumn({ name: 'avg_queue_wait_ms' })
  avgQueueWaitMs: number | null;

  @ViewColumn({ name: 'last_at' })
  lastAt: Date;
}
