import { newId } from '@askflash/config';
import {
  MIGRATIONS,
  SchemaOutdatedError,
  SchemaTooNewError,
  TaskDagTemplate,
  TaskHistory,
  assertSchemaCurrent,
  compareWithEntities,
  selectAgentPerformanceSummary,
  TaskAnalytics,
  AgentHealth,
  writeTransitions,
  type NewTask,
  type TransitionWrites,
} from '../src/index';
import { TEMPLATE, aTask, useDatabase } from './support';

const database = useDatabase();
const query = (sql: string, parameters?: unknown[]) => database.dataSource.query(sql, parameters);

const write = (writes: Partial<TransitionWrites>) => writeTransitions(database.dataSource, writes);

/** Runs work whose changes are taken back. */
async function undone(work: () => Promise<void>, ...undo: string[]) {
  try {
    await work();
  } finally {
    for (const sql of undo) await query(sql);
  }
}

describe('the migrated schema', () => {
  it('is that of the entities', async () => {
    expect(await compareWithEntities(database.dataSource)).toEqual({ apply: [], revert: [] });
  });

  it.each([
    ['a column', 'ALTER TABLE task_outbox ADD surplus int', 'ALTER TABLE task_outbox DROP surplus'],
    [
      'a default',
      'ALTER TABLE task_histories ALTER priority SET DEFAULT 3',
      'ALTER TABLE task_histories ALTER priority SET DEFAULT 5',
    ],
    [
      'an index',
      'ALTER INDEX task_histories_wake_at_idx RENAME TO other',
      'ALTER INDEX other RENAME TO task_histories_wake_at_idx',
    ],
    [
      'a check',
      'ALTER TABLE agent_health RENAME CONSTRAINT agent_health_status_check TO other',
      'ALTER TABLE agent_health RENAME CONSTRAINT other TO agent_health_status_check',
    ],
  ])('would be told from one that differs in %s', async (_what, change, undo) => {
    await query(change);
    await undone(async () => {
      expect((await compareWithEntities(database.dataSource)).apply).not.toEqual([]);
    }, undo);
  });

  it('would be told from one that differs in a view, and back', async () => {
    await query('ALTER VIEW task_analytics RENAME COLUMN tasks TO number');
    const { apply, revert } = await compareWithEntities(database.dataSource);
    expect(apply).toEqual([
      'DROP VIEW task_analytics',
      expect.stringMatching(/^CREATE VIEW task_analytics AS SELECT .* AS tasks/),
    ]);
    expect(revert.at(-1)).toMatch(/AS number/);
    for (const sql of apply) await query(sql);
    expect((await compareWithEntities(database.dataSource)).apply).toEqual([]);
  });
});

describe('an app', () => {
  const next = { name: 'Next1999999999999' };

  it('starts on exactly the schema it needs', async () => {
    await expect(assertSchemaCurrent(database.dataSource)).resolves.toBeUndefined();
  });

  it('refuses an older schema and names the command', async () => {
    const check = assertSchemaCurrent(database.dataSource, [...MIGRATIONS, next]);
    await expect(check).rejects.toThrow(SchemaOutdatedError);
    await expect(check).rejects.toMatchObject({
      missing: [next.name],
      remedy: expect.stringContaining('migration-runner up'),
    });
  });

  it('refuses a newer schema', async () => {
    const check = assertSchemaCurrent(database.dataSource, []);
    await expect(check).rejects.toThrow(SchemaTooNewError);
    await expect(check).rejects.toMatchObject({ unknown: MIGRATIONS.map(({ name }) => name) });
  });
});

describe('the triggers', () => {
  it.each(['task_histories', 'task_dag_templates', 'agent_health'])(
    'keep updated_at of %s, whatever the app writes there',
    async (table) => {
      await write({ created: [aTask()] });
      await database.manager.insert(AgentHealth, heartbeat());
      const [before] = await query(`SELECT updated_at AS at FROM ${table} LIMIT 1`);
      await query(`UPDATE ${table} SET updated_at = '2000-01-01'`);
      const [after] = await query(`SELECT min(updated_at) AS at FROM ${table}`);
      expect(after.at.getTime()).toBeGreaterThanOrEqual(before.at.getTime());
    },
  );
});

describe('the constraints', () => {
  const finished = { finishedAt: new Date() };
  it.each([
    ['an unknown status', { status: 'lost' }, 'task_histories_status_check'],
    ['a priority of 10', { priority: 10 }, 'task_histories_priority_check'],
    ['an end without a terminal status', finished, 'task_histories_finished_at_check'],
    ['a terminal status without an end', { status: 'failed' }, 'task_histories_finished_at_check'],
    [
      'a task that has ended and is to be woken',
      { status: 'complete', ...finished, wakeAt: new Date() },
      'task_histories_wake_at_check',
    ],
    ['a template that is not there', { templateVersion: 99 }, 'task_histories_template_fkey'],
  ])('refuse %s', async (_what, overrides, constraint) => {
    const task: unknown = { ...aTask(), ...overrides };
    await expect(insertUnchecked(task)).rejects.toMatchObject({ constraint });
  });

  it('keep to one task an idempotency key and user, and one an id; the others are left out', async () => {
    const first = aTask({ idempotencyKey: newId() });
    const again = aTask({ idempotencyKey: first.idempotencyKey });
    const neighbours = [aTask({ ...again, id: newId(), userId: 'grace' }), aTask(), aTask()];
    const created = async (...tasks: NewTask[]) => (await write({ created: tasks })).created;
    expect(await created(first)).toEqual(new Set([first.id]));
    expect(await created(again, first, ...neighbours)).toEqual(
      new Set(neighbours.map(({ id }) => id)),
    );
  });

  it('refuse to delete a template that a task runs on', async () => {
    await write({ created: [aTask()] });
    const { name, version } = TEMPLATE;
    await expect(database.manager.delete(TaskDagTemplate, { name, version })).rejects.toMatchObject(
      { constraint: 'task_histories_template_fkey' },
    );
  });

  it('take with a task all that hangs on it', async () => {
    const task = aTask();
    const { id } = task;
    await write({ created: [task], attempts: [attempt(id, 1)] });
    await query(`INSERT INTO task_stage_logs (task_id, seq, type) VALUES ($1, 1, 'task.created')`, [
      id,
    ]);
    await query(
      `INSERT INTO task_outbox (id, task_id, type, payload, next_attempt_at)
       VALUES ($1, $2, 'stage.requested.v1', '{}', now())`,
      [newId(), id],
    );
    await database.manager.delete(TaskHistory, { id });
    for (const table of ['task_stage_logs', 'task_outbox', 'agent_performance']) {
      expect(await query(`SELECT 1 FROM ${table} WHERE task_id = $1`, [id])).toEqual([]);
    }
  });

  /** A row as it comes, whether or not its types are those of the entity. */
  const insertUnchecked = (task: unknown) =>
    query(
      `INSERT INTO task_histories (id, user_id, query, template_name, template_version, status,
                                   state, priority, wake_at, finished_at)
       SELECT id, "userId", query, "templateName", "templateVersion", status, state, priority,
              "wakeAt", "finishedAt"
         FROM jsonb_to_record($1) AS task (
           id uuid, "userId" text, query text, "templateName" text, "templateVersion" int,
           status text, state jsonb, priority int, "wakeAt" timestamptz, "finishedAt" timestamptz)`,
      [JSON.stringify(task)],
    );
});

describe('the entities', () => {
  it('read what was written, with TypeORM’s own means too', async () => {
    const row = heartbeat();
    await database.manager.insert(AgentHealth, { ...row });
    const { createdAt, updatedAt, lastSeenAt, ...read } = await database.manager.findOneByOrFail(
      AgentHealth,
      { instanceId: row.instanceId },
    );
    expect(read).toEqual({
      ...row,
      reportedStatus: 'unknown',
      statusReason: null,
      queueSize: 0,
      canaryAt: null,
    });
    expect([createdAt, updatedAt, lastSeenAt]).toEqual(Array(3).fill(expect.any(Date)));
  });
});

describe('the views', () => {
  beforeAll(() => query('TRUNCATE task_histories CASCADE'));

  it('task_analytics counts tasks per template, status and day, with how long they took', async () => {
    const createdAt = new Date('2026-01-31T23:30:00Z');
    const done = (ms: number) =>
      aTask({
        status: 'complete',
        createdAt,
        finishedAt: new Date(createdAt.getTime() + ms),
        eventSeq: 4,
      });
    await write({ created: [done(100), done(200), done(600), aTask({ createdAt })] });
    const template = { templateName: TEMPLATE.name, templateVersion: 1, day: '2026-01-31' };
    expect(await database.manager.find(TaskAnalytics, { order: { status: 'ASC' } })).toEqual([
      {
        ...template,
        status: 'complete',
        tasks: 3,
        avgDurationMs: 300,
        p50DurationMs: 200,
        p95DurationMs: 560,
        avgEvents: 4,
      },
      {
        ...template,
        status: 'waiting',
        tasks: 1,
        avgDurationMs: null,
        p50DurationMs: null,
        p95DurationMs: null,
        avgEvents: 1,
      },
    ]);
  });

  it('agent_performance_summary tells of the last 24 hours only', async () => {
    const task = aTask();
    const { id } = task;
    await write({
      created: [task],
      attempts: [
        attempt(id, 1, { durationMs: 10, outcome: 'failed', errorCode: 'X', queueWaitMs: 4 }),
        attempt(id, 2, { durationMs: 30, queueWaitMs: null }),
        attempt(id, 3, { durationMs: 9999 }),
      ],
    });
    await query(
      `UPDATE agent_performance SET created_at = now() - interval '24 hours 1 second' WHERE attempt = 3`,
    );
    expect(await selectAgentPerformanceSummary(database.manager)).toEqual([
      {
        agent: 'embedding',
        stage: 'embedding_lookup',
        attempts: 2,
        completed: 1,
        failed: 1,
        avgDurationMs: 20,
        p50DurationMs: 20,
        p95DurationMs: 29,
        avgQueueWaitMs: 4,
        lastAt: expect.any(Date),
      },
    ]);
  });
});

function attempt(taskId: string, number: number, overrides = {}) {
  return {
    id: newId(),
    taskId,
    stage: 'embedding_lookup',
    attempt: number,
    agent: 'embedding',
    instanceId: newId(),
    outcome: 'completed' as const,
    errorCode: null,
    durationMs: 1,
    queueWaitMs: 1,
    ...overrides,
  };
}

function heartbeat() {
  return {
    instanceId: newId(),
    agent: 'embedding',
    version: '0.1.0',
    status: 'healthy' as const,
    queue: 'embedding.task',
    stages: ['embedding_lookup'],
    startedAt: new Date(),
    intervalMs: 5000,
    inFlight: 1,
    processed: 7,
    failed: 2,
    cpuPercent: 12.5,
    memoryBytes: 2 ** 40 + 1,
  };
}
