import { SqlMigration } from '../migrate/sql-migration';

/** Conditions of the backbone are kept; instances tell why they are unhealthy; tasks know their trace. */
export class HealthAndTraces1764200000000 extends SqlMigration {
  readonly name = 'HealthAndTraces1764200000000';

  readonly applyStatements = [
    `CREATE TABLE health_conditions (
       id uuid NOT NULL,
       name text NOT NULL,
       subject text NOT NULL,
       severity text NOT NULL,
       summary text NOT NULL,
       value double precision,
       threshold double precision,
       opened_at timestamptz NOT NULL DEFAULT now(),
       last_seen_at timestamptz NOT NULL DEFAULT now(),
       closed_at timestamptz,
       notified text,
       notify_at timestamptz,
       notify_attempts int NOT NULL DEFAULT 0,
       CONSTRAINT health_conditions_pkey PRIMARY KEY (id),
       CONSTRAINT health_conditions_severity_check CHECK (severity IN ('warning', 'critical')),
       CONSTRAINT health_conditions_notified_check CHECK (notified IN ('opened', 'closed')),
       CONSTRAINT health_conditions_notify_attempts_check CHECK (notify_attempts >= 0)
     )`,
    `COMMENT ON TABLE health_conditions IS
       'What was wrong with the backbone, from when to when; kept by the health-monitor.'`,
    `COMMENT ON INDEX health_conditions_pkey IS 'rows by id'`,
    `CREATE UNIQUE INDEX health_conditions_open_key ON health_conditions (name, subject)
       WHERE closed_at IS NULL`,
    `COMMENT ON INDEX health_conditions_open_key IS
       'openConditions: of one name and subject at most one is open; selectOpenConditions'`,
    `CREATE INDEX health_conditions_notify_at_idx ON health_conditions (notify_at)
       WHERE notify_at IS NOT NULL`,
    `COMMENT ON INDEX health_conditions_notify_at_idx IS
       'leaseNotifications: what the webhook does not know yet, longest due first'`,
    `CREATE INDEX health_conditions_closed_at_idx ON health_conditions (closed_at)
       WHERE closed_at IS NOT NULL`,
    `COMMENT ON INDEX health_conditions_closed_at_idx IS
       'selectClosedConditions: the latest; touchConditions: what was closed just now; deleteClosedConditions: what ended before a point in time'`,
    `ALTER TABLE agent_health
       ADD COLUMN reported_status text NOT NULL DEFAULT 'unknown',
       ADD COLUMN status_reason text,
       ADD COLUMN queue_size int NOT NULL DEFAULT 0,
       ADD COLUMN canary_at timestamptz`,
    `ALTER TABLE agent_health ADD CONSTRAINT agent_health_reported_status_check CHECK (
       reported_status IN ('starting', 'healthy', 'unhealthy', 'stopping', 'unknown'))`,
    `ALTER TABLE agent_health DROP CONSTRAINT agent_health_counts_check`,
    `ALTER TABLE agent_health ADD CONSTRAINT agent_health_counts_check CHECK (
       interval_ms >= 1 AND in_flight >= 0 AND processed >= 0 AND failed >= 0
       AND cpu_percent >= 0 AND memory_bytes >= 0 AND queue_size >= 0)`,
    `COMMENT ON TABLE agent_health IS
       'Each agent instance: what it last said of itself, and what the health-monitor makes of it.'`,
    `ALTER TABLE task_histories ADD COLUMN traceparent text`,
    `ALTER TABLE task_outbox ADD COLUMN traceparent text`,
    `COMMENT ON INDEX task_histories_pkey IS
       'selectTasksById, writeTransitions: the tasks of a batch; selectTasks: the newest'`,
    `COMMENT ON INDEX agent_performance_task_id_stage_attempt_key IS
       'writeTransitions: an attempt is recorded once; deletes with its task'`,
    `COMMENT ON INDEX task_outbox_pkey IS
       'postponeMessages, deleteMessages, writeTransitions: the messages of a batch; selectBacklog: the oldest'`,
  ];

  readonly revertStatements = [
    `COMMENT ON INDEX task_outbox_pkey IS
       'postponeMessages, deleteMessages: the messages of a batch; selectBacklog: the oldest'`,
    `COMMENT ON INDEX agent_performance_task_id_stage_attempt_key IS
       'insertAgentPerformance: an attempt is recorded once; deletes with its task'`,
    `COMMENT ON INDEX task_histories_pkey IS
       'lockTasks, updateTasks: the tasks of a batch; selectTasks: the newest'`,
    `ALTER TABLE task_outbox DROP COLUMN traceparent`,
    `ALTER TABLE task_histories DROP COLUMN traceparent`,
    `COMMENT ON TABLE agent_health IS 'What each agent instance last said of itself.'`,
    `ALTER TABLE agent_health DROP CONSTRAINT agent_health_counts_check`,
    `ALTER TABLE agent_health
       DROP CONSTRAINT agent_health_reported_status_check,
       DROP COLUMN reported_status,
       DROP COLUMN canary_at,
       DROP COLUMN queue_size,
       DROP COLUMN status_reason`,
    `ALTER TABLE agent_health ADD CONSTRAINT agent_health_counts_check CHECK (
       interval_ms >= 1 AND in_flight >= 0 AND processed >= 0 AND failed >= 0
       AND cpu_percent >= 0 AND memory_bytes >= 0)`,
    `DROP TABLE health_conditions`,
  ];
}
