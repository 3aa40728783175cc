import { newId } from '@askflash/config';
import { z } from 'zod';
import type { EntityManager } from 'typeorm';
import {
  closeConditions,
  deleteClosedConditions,
  deleteFinishedTasks,
  deleteMessages,
  leaseNotifications,
  openConditions,
  postponeMessages,
  selectAgentFigures,
  selectAgentPerformanceSummary,
  selectBacklog,
  selectChangedTasks,
  selectClosedConditions,
  selectDueTasks,
  selectOpenConditions,
  selectStageLogs,
  selectTaskByIdempotencyKey,
  selectTaskFigures,
  selectTasks,
  selectTasksById,
  selectUnsentMessages,
  touchConditions,
  type NewCondition,
} from '../src/index';
import { explanation, nodesOf, type PlanNode } from './plans';
import { TEMPLATE, useDatabase } from './support';

const TASKS = 100_000;
const database = useDatabase();
/** An id of the database's, from its middle. */
let taskId: string;
let messageId: string;

beforeAll(async () => {
  for (const sql of FILL) await database.dataSource.query(sql, sql.includes('$1') ? [TASKS] : []);
  await database.dataSource.query('VACUUM ANALYZE');
  [{ id: taskId }] = await database.dataSource.query(
    'SELECT id FROM task_histories ORDER BY id LIMIT 1 OFFSET 50000',
  );
  [{ id: messageId }] = await database.dataSource.query('SELECT id FROM task_outbox LIMIT 1');
});

const NOW = new Date();
const A_CONDITION: NewCondition = {
  id: newId(),
  name: 'queue_stuck',
  subject: 'executor.task',
  severity: 'critical',
  summary: 'It grows',
  value: null,
  threshold: null,
  openedAt: NOW,
  lastSeenAt: NOW,
  closedAt: null,
  notified: null,
};

/** Each index the schema has, and what of the code needs it. */
const QUERIES: [index: string, what: string, run: (manager: EntityManager) => Promise<unknown>][] =
  [
    [
      'task_histories_user_id_id_idx',
      'a user’s tasks, a page on',
      (manager) => selectTasks(manager, { userId: 'user-7', before: taskId, limit: 20 }),
    ],
    [
      'task_histories_user_id_id_idx',
      'a user’s newest tasks',
      (manager) => selectTasks(manager, { userId: 'user-7', limit: 20 }),
    ],
    [
      'task_histories_status_id_idx',
      'tasks by status',
      (manager) => selectTasks(manager, { status: 'in_progress', before: taskId, limit: 20 }),
    ],
    [
      'task_histories_status_id_idx',
      'the newest tasks of a status',
      (manager) => selectTasks(manager, { status: 'failed', limit: 20 }),
    ],
    [
      'task_histories_template_name_id_idx',
      'tasks by template, a page on',
      (manager) => selectTasks(manager, { templateName: 'rare', before: newId(), limit: 20 }),
    ],
    [
      'task_histories_pkey',
      'the newest tasks',
      (manager) => selectTasks(manager, { before: taskId, limit: 20 }),
    ],
    [
      'task_histories_wake_at_idx',
      'how many tasks run',
      (manager) => selectBacklog(manager, { maxTaskCount: 10_000, ignoredMessageCount: 50 }),
    ],
    [
      'task_outbox_pkey',
      'how long messages wait',
      (manager) => selectBacklog(manager, { maxTaskCount: 10_000, ignoredMessageCount: 50 }),
    ],
    [
      'task_histories_idempotency_key_key',
      'a task by idempotency key',
      (manager) => selectTaskByIdempotencyKey(manager, 'user-7', 'key-7'),
    ],
    [
      'task_histories_wake_at_idx',
      'due tasks',
      (manager) => selectDueTasks(manager, { limit: 100 }),
    ],
    [
      'task_histories_pkey',
      'the tasks of a batch',
      (manager) => selectTasksById(manager, [taskId, newId()]),
    ],
    [
      'task_histories_status_id_idx',
      'tasks that run and have changed lately',
      (manager) => readChanged(manager),
    ],
    [
      'task_histories_finished_at_idx',
      'tasks that have ended lately',
      (manager) => readChanged(manager),
    ],
    [
      'task_histories_finished_at_idx',
      'tasks to be deleted',
      (manager) =>
        deleteFinishedTasks(manager, {
          finishedBefore: new Date(Date.now() - 86_400_000),
          limit: 100,
        }),
    ],
    [
      'task_outbox_task_id_idx',
      'the messages of tasks to be deleted',
      (manager) =>
        deleteFinishedTasks(manager, {
          finishedBefore: new Date(Date.now() - 86_400_000),
          limit: 100,
        }),
    ],
    [
      'task_outbox_next_attempt_at_idx',
      'unsent messages',
      (manager) => selectUnsentMessages(manager, { limit: 100 }),
    ],
    [
      'task_outbox_pkey',
      'messages to be postponed',
      (manager) => postponeMessages(manager, [messageId, newId()], 1000),
    ],
    [
      'task_outbox_pkey',
      'messages that are confirmed',
      (manager) => deleteMessages(manager, [messageId, newId()]),
    ],
    [
      'task_stage_logs_pkey',
      'events of a task',
      (manager) => selectStageLogs(manager, { taskId, afterSeq: 1 }),
    ],
    [
      'agent_performance_created_at_idx',
      'the summary of the last 24 hours',
      (manager) => selectAgentPerformanceSummary(manager),
    ],
    [
      'agent_performance_created_at_idx',
      'the attempts of the last hours',
      (manager) => selectAgentFigures(manager, { hours: 48 }),
    ],
    [
      'task_histories_pkey',
      'the tasks of the last hours',
      (manager) => selectTaskFigures(manager, { hours: 48 }),
    ],
    [
      'health_conditions_open_key',
      'the conditions that are open',
      (manager) => selectOpenConditions(manager),
    ],
    [
      'health_conditions_pkey',
      'conditions that open',
      (manager) => openConditions(manager, [A_CONDITION], { notify: true }),
    ],
    [
      'health_conditions_open_key',
      'conditions that are found again',
      (manager) => touchConditions(manager, [A_CONDITION]),
    ],
    [
      'health_conditions_closed_at_idx',
      'conditions that somebody has just closed',
      (manager) => touchConditions(manager, [A_CONDITION]),
    ],
    [
      'health_conditions_open_key',
      'conditions that close',
      (manager) =>
        closeConditions(
          manager,
          [{ name: 'queue_stuck', subject: 'executor.task', closedAt: NOW, notified: false }],
          { notify: true },
        ),
    ],
    [
      'health_conditions_closed_at_idx',
      'the conditions that closed last',
      (manager) => selectClosedConditions(manager, { limit: 50 }),
    ],
    [
      'health_conditions_closed_at_idx',
      'conditions to be deleted',
      (manager) =>
        deleteClosedConditions(manager, {
          closedBefore: new Date(Date.now() - 50 * 86_400_000),
          limit: 10,
        }),
    ],
    [
      'health_conditions_notify_at_idx',
      'what the webhook does not know yet',
      (manager) => leaseNotifications(manager, { limit: 4, leaseMs: 30_000 }),
    ],
  ];

it.each(QUERIES)('%s serves %s', async (index, _what, run) => {
  const plans = await plansOf(run);
  expect(plans.flatMap(indexesOf)).toContain(index);
  expect(plans.flatMap(scannedTables)).toEqual([]);
});

it('leaves no index unused: each is here, or keeps a constraint', async () => {
  const rows = await database.dataSource.query(
    `SELECT indexrelid::regclass::text AS name
       FROM pg_index
      WHERE indrelid::regclass::text IN
            ('task_histories', 'task_outbox', 'task_stage_logs', 'agent_performance', 'agent_health',
             'health_conditions')
        AND NOT indisprimary
        AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)`,
  );
  const names = z
    .array(z.object({ name: z.string() }))
    .parse(rows)
    .map(({ name }) => name);
  const needed = new Set(QUERIES.map(([index]) => index));
  expect(names.filter((name) => !needed.has(name))).toEqual([]);
});

it('cascades a deletion through indexes', async () => {
  const rows = await database.dataSource.query(
    `SELECT conrelid::regclass::text AS name FROM pg_constraint
      WHERE contype = 'f' AND confrelid = 'task_histories'::regclass
        AND NOT EXISTS (SELECT 1 FROM pg_index
                         WHERE indrelid = conrelid AND indkey[0] = conkey[1])`,
  );
  expect(rows).toEqual([]);
});

/** The plans of what a query function really sends; what it changes is taken back. */
async function plansOf(run: (manager: EntityManager) => Promise<unknown>): Promise<PlanNode[]> {
  const queryRunner = database.dataSource.createQueryRunner();
  await queryRunner.startTransaction();
  const log = jest.spyOn(database.dataSource.logger, 'logQuery');
  try {
    await run(queryRunner.manager);
    const sent = log.mock.calls.map(([sql, parameters]) => ({ sql, parameters }));
    const plans: PlanNode[] = [];
    for (const { sql, parameters } of sent) {
      const explained = await queryRunner.query(`EXPLAIN (FORMAT JSON) ${sql}`, parameters);
      plans.push(explanation.parse(explained)[0]['QUERY PLAN'][0].Plan);
    }
    return plans;
  } finally {
    log.mockRestore();
    await queryRunner.rollbackTransaction();
    await queryRunner.release();
  }
}

/** Over some pages, the first and the next of each kind among them. */
async function readChanged(manager: EntityManager): Promise<void> {
  const pages = selectChangedTasks(manager, { withinMs: 600_000_000, limit: 500 });
  for await (const page of pages) expect(page.length).toBeLessThanOrEqual(500);
}

const indexesOf = (plan: PlanNode) => nodesOf(plan).flatMap((node) => node['Index Name'] ?? []);
const scannedTables = (plan: PlanNode) =>
  nodesOf(plan).flatMap((node) =>
    node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : [],
  );

/**
 * 100,000 tasks of 500 users over 100 days, of which 2 % run and 1 % wait; their events and attempts;
 * a backlog of 5,000 messages, most of them leased; 20,000 conditions, of which 20 are open and 20 not
 * told of.
 */
const FILL = [
  `INSERT INTO task_histories (id, user_id, query, template_name, template_version, status, state,
                               idempotency_key, wake_at, created_at, finished_at)
   SELECT (lpad(to_hex((extract(epoch FROM made) * 1000)::bigint), 12, '0') || '7' ||
           substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
          'user-' || n % 500, 'q', '${TEMPLATE.name}', ${TEMPLATE.version}, status, '{}',
          CASE WHEN n % 10 = 7 THEN 'key-' || n END,
          CASE WHEN status IN ('waiting', 'in_progress')
               THEN now() + (n % 1000 - 50) * interval '1 second' END,
          made,
          CASE WHEN status NOT IN ('waiting', 'in_progress') THEN made + interval '2 seconds' END
     FROM (SELECT n, now() - ($1::int - n) * interval '86.4 seconds' AS made,
                  CASE WHEN n % 100 < 2 THEN 'in_progress' WHEN n % 100 = 2 THEN 'waiting'
                       WHEN n % 100 < 8 THEN 'failed' ELSE 'complete' END AS status
             FROM generate_series(1, $1::int) AS n) AS tasks`,
  `INSERT INTO task_stage_logs (task_id, seq, type)
   SELECT id, seq, 'stage.completed' FROM task_histories, generate_series(1, 3) AS seq`,
  `INSERT INTO agent_performance (id, task_id, stage, attempt, agent, instance_id, outcome,
                                  duration_ms, created_at)
   SELECT id, id, 'embedding_lookup', 1, 'embedding', id, 'completed', 5, created_at
     FROM task_histories`,
  `INSERT INTO task_outbox (id, task_id, type, payload, next_attempt_at)
   SELECT id, id, 'stage.requested.v1', '{}',
          now() + (row_number() OVER () - 50) * interval '1 second'
     FROM task_histories WHERE status = 'complete' LIMIT 5000`,
  `INSERT INTO health_conditions (id, name, subject, severity, summary, opened_at, last_seen_at,
                                  closed_at, notified, notify_at)
   SELECT md5(n::text)::uuid, 'condition-' || n % 15, 'subject-' || n, 'warning', 's', at, at,
          CASE WHEN n > 20 THEN at + interval '1 minute' END, 'opened',
          CASE WHEN n % 1000 = 0 THEN now() END
     FROM (SELECT n, now() - n * interval '5 minutes' AS at FROM generate_series(1, 20000) AS n)
       AS conditions`,
];
