import { SqlMigration } from '../migrate/sql-migration';

/** The six tables, their triggers and the two views. */
export class InitialSchema1764000000000 extends SqlMigration {
  readonly name = 'InitialSchema1764000000000';

  readonly applyStatements = [
    `CREATE TABLE task_dag_templates (
       name text NOT NULL,
       version integer NOT NULL,
       description text NOT NULL,
       definition jsonb NOT NULL,
       origin text NOT NULL,
       active boolean NOT NULL DEFAULT true,
       checksum text NOT NULL,
       created_at timestamptz NOT NULL DEFAULT now(),
       updated_at timestamptz NOT NULL DEFAULT now(),
       CONSTRAINT task_dag_templates_pkey PRIMARY KEY (name, version),
       CONSTRAINT task_dag_templates_version_check CHECK (version >= 1),
       CONSTRAINT task_dag_templates_origin_check CHECK (origin IN ('seed', 'user'))
     )`,

    `CREATE TABLE task_histories (
       id uuid NOT NULL,
       user_id text NOT NULL,
       query text NOT NULL,
       input jsonb NOT NULL DEFAULT '{}',
       template_name text NOT NULL,
       template_version integer NOT NULL,
       status text NOT NULL DEFAULT 'waiting',
       state jsonb NOT NULL,
       event_seq integer NOT NULL DEFAULT 0,
       result jsonb,
       error jsonb,
       priority smallint NOT NULL DEFAULT 5,
       idempotency_key text,
       request_hash text,
       wake_at timestamptz,
       deadline_at timestamptz,
       created_at timestamptz NOT NULL DEFAULT now(),
       updated_at timestamptz NOT NULL DEFAULT now(),
       finished_at timestamptz,
       CONSTRAINT task_histories_pkey PRIMARY KEY (id),
       CONSTRAINT task_histories_template_fkey FOREIGN KEY (template_name, template_version)
         REFERENCES task_dag_templates (name, version),
       CONSTRAINT task_histories_status_check
         CHECK (status IN ('waiting', 'in_progress', 'complete', 'failed', 'aborted')),
       CONSTRAINT task_histories_priority_check CHECK (priority BETWEEN 0 AND 9),
       CONSTRAINT task_histories_event_seq_check CHECK (event_seq >= 0),
       CONSTRAINT task_histories_finished_at_check
         CHECK ((finished_at IS NOT NULL) = (status IN ('complete', 'failed', 'aborted'))),
       CONSTRAINT task_histories_wake_at_check CHECK (finished_at IS NULL OR wake_at IS NULL)
     )`,
    `CREATE INDEX task_histories_user_id_id_idx ON task_histories (user_id, id)`,
    `CREATE INDEX task_histories_status_id_idx ON task_histories (status, id)`,
    `CREATE UNIQUE INDEX task_histories_idempotency_key_key
       ON task_histories (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL`,
    `CREATE INDEX task_histories_wake_at_idx
       ON task_histories (wake_at) WHERE wake_at IS NOT NULL`,
    `CREATE INDEX task_histories_finished_at_idx
       ON task_histories (finished_at) WHERE finished_at IS NOT NULL`,

    `CREATE TABLE task_stage_logs (
       task_id uuid NOT NULL,
       seq integer NOT NULL,
       type text NOT NULL,
       stage text,
       attempt integer,
       data jsonb NOT NULL DEFAULT '{}',
       at timestamptz NOT NULL DEFAULT now(),
       CONSTRAINT task_stage_logs_pkey PRIMARY KEY (task_id, seq),
       CONSTRAINT task_stage_logs_task_id_fkey FOREIGN KEY (task_id)
         REFERENCES task_histories (id) ON DELETE CASCADE,
       CONSTRAINT task_stage_logs_seq_check CHECK (seq >= 1),
       CONSTRAINT task_stage_logs_attempt_check CHECK (attempt >= 1)
     )`,

    `CREATE TABLE agent_performance (
       id uuid NOT NULL,
       task_id uuid NOT NULL,
       stage text NOT NULL,
       attempt integer NOT NULL,
       agent text NOT NULL,
       instance_id uuid NOT NULL,
       outcome text NOT NULL,
       error_code text,
       duration_ms double precision NOT NULL,
       queue_wait_ms double precision,
       created_at timestamptz NOT NULL DEFAULT now(),
       CONSTRAINT agent_performance_pkey PRIMARY KEY (id),
       CONSTRAINT agent_performance_task_id_stage_attempt_key UNIQUE (task_id, stage, attempt),
       CONSTRAINT agent_performance_task_id_fkey FOREIGN KEY (task_id)
         REFERENCES task_histories (id) ON DELETE CASCADE,
       CONSTRAINT agent_performance_attempt_check CHECK (attempt >= 1),
       CONSTRAINT agent_performance_outcome_check CHECK (outcome IN ('completed', 'failed')),
       CONSTRAINT agent_performance_duration_ms_check
         CHECK (duration_ms >= 0 AND queue_wait_ms >= 0)
     )`,
    `CREATE INDEX agent_performance_created_at_idx ON agent_performance (created_at)`,

    `CREATE TABLE agent_health (
       instance_id uuid NOT NULL,
       agent text NOT NULL,
       version text NOT NULL,
       status text NOT NULL,
       queue text NOT NULL,
       stages text[] NOT NULL,
       started_at timestamptz NOT NULL,
       last_seen_at timestamptz NOT NULL DEFAULT now(),
       interval_ms integer NOT NULL,
       in_flight integer NOT NULL DEFAULT 0,
       processed bigint NOT NULL DEFAULT 0,
       failed bigint NOT NULL DEFAULT 0,
       cpu_percent double precision NOT NULL DEFAULT 0,
       memory_bytes bigint NOT NULL DEFAULT 0,
       created_at timestamptz NOT NULL DEFAULT now(),
       updated_at timestamptz NOT NULL DEFAULT now(),
       CONSTRAINT agent_health_pkey PRIMARY KEY (instance_id),
       CONSTRAINT agent_health_status_check
         CHECK (status IN ('starting', 'healthy', 'unhealthy', 'stopping', 'unknown')),
       CONSTRAINT agent_health_counts_check
         CHECK (interval_ms >= 1 AND in_flight >= 0 AND processed >= 0 AND failed >= 0
           AND cpu_percent >= 0 AND memory_bytes >= 0)
     )`,

    `CREATE TABLE task_outbox (
       id uuid NOT NULL,
       task_id uuid NOT NULL,
       type text NOT NULL,
       payload jsonb NOT NULL,
       created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
       next_attempt_at timestamptz NOT NULL,
       attempts integer NOT NULL DEFAULT 0,
       CONSTRAINT task_outbox_pkey PRIMARY KEY (id),
       CONSTRAINT task_outbox_task_id_fkey FOREIGN KEY (task_id)
         REFERENCES task_histories (id) ON DELETE CASCADE,
       CONSTRAINT task_outbox_attempts_check CHECK (attempts >= 0)
     )`,
    `CREATE INDEX task_outbox_next_attempt_at_idx ON task_outbox (next_attempt_at)`,
    `CREATE INDEX task_outbox_task_id_idx ON task_outbox (task_id)`,

    `CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
     BEGIN
       NEW.updated_at := clock_timestamp();
       RETURN NEW;
     END
     $$`,
    `CREATE TRIGGER task_dag_templates_updated_at BEFORE UPDATE ON task_dag_templates
       FOR EACH ROW EXECUTE FUNCTION set_updated_at()`,
    `CREATE TRIGGER task_histories_updated_at BEFORE UPDATE ON task_histories
       FOR EACH ROW EXECUTE FUNCTION set_updated_at()`,
    `CREATE TRIGGER agent_health_updated_at BEFORE UPDATE ON agent_health
       FOR EACH ROW EXECUTE FUNCTION set_updated_at()`,

    `CREATE VIEW task_analytics AS
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
                    (extract(epoch FROM finished_at - created_at) * 1000)::double precision
                      AS duration_ms
               FROM task_histories) AS tasks
      GROUP BY template_name, template_version, status, day`,

    `CREATE VIEW agent_performance_summary AS
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

    `COMMENT ON TABLE task_dag_templates IS
       'Versions of the templates tasks run through; a change is a new version.'`,
    `COMMENT ON TABLE task_histories IS
       'Tasks, one row each: the truth about where a task stands.'`,
    `COMMENT ON TABLE task_stage_logs IS
       'Durable events of tasks, appended by the transition that makes them.'`,
    `COMMENT ON TABLE agent_performance IS
       'How each attempt at a stage went.'`,
    `COMMENT ON TABLE agent_health IS
       'What each agent instance last said of itself.'`,
    `COMMENT ON TABLE task_outbox IS
       'Messages that committed transitions owe to the broker; deleted once confirmed.'`,
    `COMMENT ON VIEW task_analytics IS
       'Tasks per template version, status and day (UTC), with how long they took.'`,
    `COMMENT ON VIEW agent_performance_summary IS
       'Attempts of the last 24 hours per agent and stage.'`,
    `COMMENT ON INDEX task_histories_user_id_id_idx IS
       'selectTasksOfUser: the tasks of a user, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_status_id_idx IS
       'selectTasksByStatus: tasks in one status, newest first, page by page'`,
    `COMMENT ON INDEX task_histories_idempotency_key_key IS
       'selectTaskByIdempotencyKey: one task a user and key'`,
    `COMMENT ON INDEX task_histories_wake_at_idx IS
       'selectDueTasks: time-outs and retries that are due'`,
    `COMMENT ON INDEX task_histories_finished_at_idx IS
       'deleteFinishedTasks: what ended before a point in time, oldest first'`,
    `COMMENT ON INDEX task_histories_pkey IS
       'lockTasks, updateTasks: the tasks of a batch'`,
    `COMMENT ON INDEX task_stage_logs_pkey IS
       'selectStageLogs: events of a task after a number'`,
    `COMMENT ON INDEX agent_performance_created_at_idx IS
       'selectAgentPerformanceSummary: the last 24 hours'`,
    `COMMENT ON INDEX agent_performance_task_id_stage_attempt_key IS
       'insertAgentPerformance: an attempt is recorded once; deletes with its task'`,
    `COMMENT ON INDEX task_outbox_next_attempt_at_idx IS
       'selectUnsentMessages: messages the poller may take, oldest first'`,
    `COMMENT ON INDEX task_outbox_task_id_idx IS
       'deleteFinishedTasks: tasks that still owe a message; deletes with its task'`,
    `COMMENT ON INDEX task_outbox_pkey IS
       'postponeMessages, deleteMessages: the messages of a batch'`,
    `COMMENT ON INDEX task_dag_templates_pkey IS
       'selectTemplate: a version, or the highest of a name'`,
    `COMMENT ON INDEX agent_health_pkey IS
       'one row an instance'`,
    `COMMENT ON INDEX agent_performance_pkey IS
       'rows by id'`,
  ];

  readonly revertStatements = [
    `DROP VIEW agent_performance_summary`,
    `DROP VIEW task_analytics`,
    `DROP TABLE task_outbox`,
    `DROP TABLE agent_health`,
    `DROP TABLE agent_performance`,
    `DROP TABLE task_stage_logs`,
    `DROP TABLE task_histories`,
    `DROP TABLE task_dag_templates`,
    `DROP FUNCTION set_updated_at()`,
  ];
}
