-- The whole schema, dumped from a migrated database by: nx run typeorm-entities:schema
-- To be read; what makes it are the migrations in libs/typeorm-entities/src/migrations.

CREATE FUNCTION public.set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
     BEGIN
       NEW.updated_at := clock_timestamp();
       RETURN NEW;
     END
     $$;

CREATE TABLE public.agent_health (
    instance_id uuid NOT NULL,
    agent text NOT NULL,
    version text NOT NULL,
    status text NOT NULL,
    queue text NOT NULL,
    stages text[] NOT NULL,
    started_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    interval_ms integer NOT NULL,
    in_flight integer DEFAULT 0 NOT NULL,
    processed bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    cpu_percent double precision DEFAULT 0 NOT NULL,
    memory_bytes bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    reported_status text DEFAULT 'unknown'::text NOT NULL,
    status_reason text,
    queue_size integer DEFAULT 0 NOT NULL,
    canary_at timestamp with time zone,
    CONSTRAINT agent_health_counts_check CHECK (((interval_ms >= 1) AND (in_flight >= 0) AND (processed >= 0) AND (failed >= 0) AND (cpu_percent >= (0)::double precision) AND (memory_bytes >= 0) AND (queue_size >= 0))),
    CONSTRAINT agent_health_reported_status_check CHECK ((reported_status = ANY (ARRAY['starting'::text, 'healthy'::text, 'unhealthy'::text, 'stopping'::text, 'unknown'::text]))),
    CONSTRAINT agent_health_status_check CHECK ((status = ANY (ARRAY['starting'::text, 'healthy'::text, 'unhealthy'::text, 'stopping'::text, 'unknown'::text])))
);

COMMENT ON TABLE public.agent_health IS 'Each agent instance: what it last said of itself, and what the health-monitor makes of it.';

CREATE TABLE public.agent_performance (
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
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT agent_performance_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT agent_performance_duration_ms_check CHECK (((duration_ms >= (0)::double precision) AND (queue_wait_ms >= (0)::double precision))),
    CONSTRAINT agent_performance_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text])))
);

COMMENT ON TABLE public.agent_performance IS 'How each attempt at a stage went.';

CREATE VIEW public.agent_performance_summary AS
 SELECT agent_performance.agent,
    agent_performance.stage,
    (count(*))::integer AS attempts,
    (count(*) FILTER (WHERE (agent_performance.outcome = 'completed'::text)))::integer AS completed,
    (count(*) FILTER (WHERE (agent_performance.outcome = 'failed'::text)))::integer AS failed,
    avg(agent_performance.duration_ms) AS avg_duration_ms,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY agent_performance.duration_ms) AS p50_duration_ms,
    percentile_cont((0.95)::double precision) WITHIN GROUP (ORDER BY agent_performance.duration_ms) AS p95_duration_ms,
    avg(agent_performance.queue_wait_ms) AS avg_queue_wait_ms,
    max(agent_performance.created_at) AS last_at
   FROM public.agent_performance
  WHERE (agent_performance.created_at >= (now() - '24:00:00'::interval))
  GROUP BY agent_performance.agent, agent_performance.stage;

COMMENT ON VIEW public.agent_performance_summary IS 'Attempts of the last 24 hours per agent and stage.';

CREATE TABLE public.health_conditions (
    id uuid NOT NULL,
    name text NOT NULL,
    subject text NOT NULL,
    severity text NOT NULL,
    summary text NOT NULL,
    value double precision,
    threshold double precision,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT now() NOT NULL,
    closed_at timestamp with time zone,
    notified text,
    notify_at timestamp with time zone,
    notify_attempts integer DEFAULT 0 NOT NULL,
    CONSTRAINT health_conditions_notified_check CHECK ((notified = ANY (ARRAY['opened'::text, 'closed'::text]))),
    CONSTRAINT health_conditions_notify_attempts_check CHECK ((notify_attempts >= 0)),
    CONSTRAINT health_conditions_severity_check CHECK ((severity = ANY (ARRAY['warning'::text, 'critical'::text])))
);

COMMENT ON TABLE public.health_conditions IS 'What was wrong with the backbone, from when to when; kept by the health-monitor.';

CREATE TABLE public.schema_migrations (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

COMMENT ON TABLE public.schema_migrations IS 'Migrations this database has, in the order applied; written by migration-runner only.';

CREATE SEQUENCE public.schema_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.schema_migrations_id_seq OWNED BY public.schema_migrations.id;

CREATE TABLE public.task_histories (
    id uuid NOT NULL,
    user_id text NOT NULL,
    query text NOT NULL,
    input jsonb DEFAULT '{}'::jsonb NOT NULL,
    template_name text NOT NULL,
    template_version integer NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    state jsonb NOT NULL,
    event_seq integer DEFAULT 0 NOT NULL,
    result jsonb,
    error jsonb,
    priority smallint DEFAULT 5 NOT NULL,
    idempotency_key text,
    request_hash text,
    wake_at timestamp with time zone,
    deadline_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    retry_of uuid,
    traceparent text,
    CONSTRAINT task_histories_event_seq_check CHECK ((event_seq >= 0)),
    CONSTRAINT task_histories_finished_at_check CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['complete'::text, 'failed'::text, 'aborted'::text])))),
    CONSTRAINT task_histories_priority_check CHECK (((priority >= 0) AND (priority <= 9))),
    CONSTRAINT task_histories_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'in_progress'::text, 'complete'::text, 'failed'::text, 'aborted'::text]))),
    CONSTRAINT task_histories_wake_at_check CHECK (((finished_at IS NULL) OR (wake_at IS NULL)))
);

COMMENT ON TABLE public.task_histories IS 'Tasks, one row each: the truth about where a task stands.';

CREATE VIEW public.task_analytics AS
 SELECT tasks.template_name,
    tasks.template_version,
    tasks.status,
    tasks.day,
    (count(*))::integer AS tasks,
    avg(tasks.duration_ms) AS avg_duration_ms,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY tasks.duration_ms) AS p50_duration_ms,
    percentile_cont((0.95)::double precision) WITHIN GROUP (ORDER BY tasks.duration_ms) AS p95_duration_ms,
    (avg(tasks.event_seq))::double precision AS avg_events
   FROM ( SELECT task_histories.template_name,
            task_histories.template_version,
            task_histories.status,
            task_histories.event_seq,
            to_char((task_histories.created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD'::text) AS day,
            ((EXTRACT(epoch FROM (task_histories.finished_at - task_histories.created_at)) * (1000)::numeric))::double precision AS duration_ms
           FROM public.task_histories) tasks
  GROUP BY tasks.template_name, tasks.template_version, tasks.status, tasks.day;

COMMENT ON VIEW public.task_analytics IS 'Tasks per template version, status and day (UTC), with how long they took.';

CREATE TABLE public.task_dag_templates (
    name text NOT NULL,
    version integer NOT NULL,
    description text NOT NULL,
    definition jsonb NOT NULL,
    origin text NOT NULL,
    active boolean DEFAULT true NOT NULL,
    checksum text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT task_dag_templates_origin_check CHECK ((origin = ANY (ARRAY['seed'::text, 'user'::text]))),
    CONSTRAINT task_dag_templates_version_check CHECK ((version >= 1))
);

COMMENT ON TABLE public.task_dag_templates IS 'Versions of the templates tasks run through; a change is a new version.';

CREATE TABLE public.task_outbox (
    id uuid NOT NULL,
    task_id uuid NOT NULL,
    type text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    traceparent text,
    CONSTRAINT task_outbox_attempts_check CHECK ((attempts >= 0))
);

COMMENT ON TABLE public.task_outbox IS 'Messages that committed transitions owe to the broker; deleted once confirmed.';

CREATE TABLE public.task_stage_logs (
    task_id uuid NOT NULL,
    seq integer NOT NULL,
    type text NOT NULL,
    stage text,
    attempt integer,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT task_stage_logs_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT task_stage_logs_seq_check CHECK ((seq >= 1))
);

COMMENT ON TABLE public.task_stage_logs IS 'Durable events of tasks, appended by the transition that makes them.';

ALTER TABLE ONLY public.schema_migrations ALTER COLUMN id SET DEFAULT nextval('public.schema_migrations_id_seq'::regclass);

ALTER TABLE ONLY public.agent_health
    ADD CONSTRAINT agent_health_pkey PRIMARY KEY (instance_id);

ALTER TABLE ONLY public.agent_performance
    ADD CONSTRAINT agent_performance_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.agent_performance
    ADD CONSTRAINT agent_performance_task_id_stage_attempt_key UNIQUE (task_id, stage, attempt);

ALTER TABLE ONLY public.health_conditions
    ADD CONSTRAINT health_conditions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_name_key UNIQUE (name);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_dag_templates
    ADD CONSTRAINT task_dag_templates_pkey PRIMARY KEY (name, version);

ALTER TABLE ONLY public.task_histories
    ADD CONSTRAINT task_histories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_outbox
    ADD CONSTRAINT task_outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.task_stage_logs
    ADD CONSTRAINT task_stage_logs_pkey PRIMARY KEY (task_id, seq);

COMMENT ON INDEX public.agent_health_pkey IS 'one row an instance';

CREATE INDEX agent_performance_created_at_idx ON public.agent_performance USING btree (created_at);

COMMENT ON INDEX public.agent_performance_created_at_idx IS 'selectAgentPerformanceSummary: the last 24 hours';

COMMENT ON INDEX public.agent_performance_pkey IS 'rows by id';

COMMENT ON INDEX public.agent_performance_task_id_stage_attempt_key IS 'writeTransitions: an attempt is recorded once; deletes with its task';

CREATE INDEX health_conditions_closed_at_idx ON public.health_conditions USING btree (closed_at) WHERE (closed_at IS NOT NULL);

COMMENT ON INDEX public.health_conditions_closed_at_idx IS 'selectClosedConditions: the latest; touchConditions: what was closed just now; deleteClosedConditions: what ended before a point in time';

CREATE INDEX health_conditions_notify_at_idx ON public.health_conditions USING btree (notify_at) WHERE (notify_at IS NOT NULL);

COMMENT ON INDEX public.health_conditions_notify_at_idx IS 'leaseNotifications: what the webhook does not know yet, longest due first';

CREATE UNIQUE INDEX health_conditions_open_key ON public.health_conditions USING btree (name, subject) WHERE (closed_at IS NULL);

COMMENT ON INDEX public.health_conditions_open_key IS 'openConditions: of one name and subject at most one is open; selectOpenConditions';

COMMENT ON INDEX public.health_conditions_pkey IS 'rows by id';

COMMENT ON INDEX public.task_dag_templates_pkey IS 'selectTemplate: a version, or the highest of a name';

CREATE INDEX task_histories_finished_at_idx ON public.task_histories USING btree (finished_at) WHERE (finished_at IS NOT NULL);

COMMENT ON INDEX public.task_histories_finished_at_idx IS 'deleteFinishedTasks: what ended before a point in time, oldest first';

CREATE UNIQUE INDEX task_histories_idempotency_key_key ON public.task_histories USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

COMMENT ON INDEX public.task_histories_idempotency_key_key IS 'selectTaskByIdempotencyKey: one task a user and key';

COMMENT ON INDEX public.task_histories_pkey IS 'selectTasksById, writeTransitions: the tasks of a batch; selectTasks: the newest';

CREATE INDEX task_histories_status_id_idx ON public.task_histories USING btree (status, id);

COMMENT ON INDEX public.task_histories_status_id_idx IS 'selectTasks: tasks in one status, newest first, page by page';

CREATE INDEX task_histories_template_name_id_idx ON public.task_histories USING btree (template_name, id);

COMMENT ON INDEX public.task_histories_template_name_id_idx IS 'selectTasks: the tasks of a template, newest first, page by page';

CREATE INDEX task_histories_user_id_id_idx ON public.task_histories USING btree (user_id, id);

COMMENT ON INDEX public.task_histories_user_id_id_idx IS 'selectTasks: the tasks of a user, newest first, page by page';

CREATE INDEX task_histories_wake_at_idx ON public.task_histories USING btree (wake_at) WHERE (wake_at IS NOT NULL);

COMMENT ON INDEX public.task_histories_wake_at_idx IS 'selectDueTasks: time-outs and retries that are due; selectBacklog: how many tasks run';

CREATE INDEX task_outbox_next_attempt_at_idx ON public.task_outbox USING btree (next_attempt_at);

COMMENT ON INDEX public.task_outbox_next_attempt_at_idx IS 'selectUnsentMessages: messages the poller may take, oldest first';

COMMENT ON INDEX public.task_outbox_pkey IS 'postponeMessages, deleteMessages, writeTransitions: the messages of a batch; selectBacklog: the oldest';

CREATE INDEX task_outbox_task_id_idx ON public.task_outbox USING btree (task_id);

COMMENT ON INDEX public.task_outbox_task_id_idx IS 'deleteFinishedTasks: tasks that still owe a message; deletes with its task';

COMMENT ON INDEX public.task_stage_logs_pkey IS 'selectStageLogs: events of a task after a number';

CREATE TRIGGER agent_health_updated_at BEFORE UPDATE ON public.agent_health FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER task_dag_templates_updated_at BEFORE UPDATE ON public.task_dag_templates FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER task_histories_updated_at BEFORE UPDATE ON public.task_histories FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

ALTER TABLE ONLY public.agent_performance
    ADD CONSTRAINT agent_performance_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task_histories(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_histories
    ADD CONSTRAINT task_histories_template_fkey FOREIGN KEY (template_name, template_version) REFERENCES public.task_dag_templates(name, version);

ALTER TABLE ONLY public.task_outbox
    ADD CONSTRAINT task_outbox_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task_histories(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.task_stage_logs
    ADD CONSTRAINT task_stage_logs_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.task_histories(id) ON DELETE CASCADE;
