import { newId } from '@askflash/config';
import { createTestDatabase, eventually, type TestDatabase } from '@askflash/testing';
import {
  AgentHealth,
  HealthCondition,
  TaskStageLog,
  writeTransitions,
  type NewTask,
} from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { Retention } from '../src/retention/retention';
import { RetentionMetrics } from '../src/retention/retention-metrics';
import { connect } from './journals';

const DAYS = 7;
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

describe('retention', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let started: Retention[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    dataSource = await connect(database.url, { migrate: true });
    await dataSource.query(
      `INSERT INTO task_dag_templates (name, version, description, definition, origin, checksum)
       VALUES ('one', 1, 'For the specs', '{}', 'user', 'x')`,
    );
  });
  beforeEach(() =>
    dataSource.query('TRUNCATE task_histories, health_conditions, agent_health CASCADE'),
  );
  afterEach(async () => {
    await Promise.all(started.map((each) => each.beforeApplicationShutdown()));
    started = [];
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const start = (days = DAYS, registry = new Registry()) => {
    const options = { startAfterMs: 0, intervalMs: 10 };
    const retention = new Retention({ dataSource }, new RetentionMetrics(registry), days, options);
    started.push(retention);
    return retention;
  };

  const aTask = (finishedAt: Date | null): NewTask => ({
    id: newId(),
    userId: 'ada',
    query: 'q',
    input: {},
    templateName: 'one',
    templateVersion: 1,
    status: finishedAt ? 'complete' : 'in_progress',
    state: {},
    eventSeq: 2,
    priority: 5,
    idempotencyKey: null,
    requestHash: null,
    retryOf: null,
    wakeAt: null,
    deadlineAt: null,
    result: null,
    error: null,
    traceparent: null,
    createdAt: daysAgo(30),
    finishedAt,
  });

  /** Tasks, each with two events; some owe a message. */
  const insert = (tasks: readonly NewTask[], owing: readonly NewTask[] = []) =>
    writeTransitions(dataSource, {
      created: tasks,
      events: tasks.flatMap(({ id: taskId, createdAt: at }) =>
        [1, 2].map((seq) => ({
          ...{ taskId, seq, at, type: 'stage.completed', data: {} },
          ...{ stage: 'moderation', attempt: 1 },
        })),
      ),
      messages: owing.map(({ id: taskId }) => ({
        id: newId(),
        taskId,
        type: 'task.finished.v1',
        payload: {},
        traceparent: null,
      })),
      leaseMs: 60_000,
    });
  const taskIds = async () => {
    const rows: { id: string }[] = await dataSource.query('SELECT id FROM task_histories');
    return rows.map(({ id }) => id).sort();
  };
  const many = (count: number, finishedAt: Date | null) =>
    Array.from({ length: count }, () => aTask(finishedAt));
  const idsOf = (tasks: readonly NewTask[]) => tasks.map(({ id }) => id).sort();

  it('deletes what ended before the limit and nothing else, while tasks come and end', async () => {
    const old = many(2_000, daysAgo(DAYS + 1));
    const owing = many(150, daysAgo(DAYS + 2));
    const kept = [...owing, ...many(500, daysAgo(DAYS - 1)), ...many(500, null)];
    await insert([...old, ...kept], owing);

    const retention = start();
    const live: NewTask[] = [];
    let over = false;
    const traffic = async () => {
      while (!over) {
        const tasks = many(20, null);
        await insert(tasks);
        await writeTransitions(dataSource, {
          changes: tasks.map((task) => ({
            ...task,
            fromSeq: task.eventSeq,
            status: 'complete',
            finishedAt: new Date(),
          })),
        });
        live.push(...tasks);
      }
    };
    const running = traffic();
    await retention.run();
    over = true;
    await running;

    expect(live.length).toBeGreaterThan(0);
    expect(await taskIds()).toEqual(idsOf([...kept, ...live]));
    expect(await dataSource.manager.count(TaskStageLog)).toBe(2 * (kept.length + live.length));
  });

  it('deletes tasks once their last message is sent', async () => {
    const owing = many(3, daysAgo(DAYS + 1));
    await insert(owing, owing);
    const retention = start();
    await retention.run();
    expect(await taskIds()).toEqual(idsOf(owing));
    await dataSource.query('DELETE FROM task_outbox');
    await retention.run();
    expect(await taskIds()).toEqual([]);
  });

  it('deletes closed conditions and gone instances too, at an interval, and counts', async () => {
    const about = { name: 'queue_stuck', severity: 'critical', summary: 's' } as const;
    await dataSource.manager.insert(HealthCondition, [
      { ...about, id: newId(), subject: 'a', closedAt: daysAgo(DAYS + 1) },
      { ...about, id: newId(), subject: 'b', openedAt: daysAgo(DAYS + 1) },
    ]);
    await dataSource.manager.insert(AgentHealth, {
      instanceId: newId(),
      agent: 'executor',
      version: '1.0.0',
      status: 'unknown',
      queue: 'executor.task',
      stages: [],
      startedAt: daysAgo(30),
      lastSeenAt: daysAgo(DAYS + 1),
      intervalMs: 5_000,
    });
    const registry = new Registry();
    start(DAYS, registry).onApplicationBootstrap();
    await eventually(async () => (await dataSource.manager.count(AgentHealth)) === 0);
    await insert(many(3, daysAgo(DAYS + 1)));
    await eventually(async () => (await taskIds()).length === 0);
    expect(await dataSource.manager.find(HealthCondition)).toMatchObject([{ subject: 'b' }]);
    const metrics = await eventually(async () => {
      const text = await registry.metrics();
      return text.includes('kind="task"} 3') && text;
    });
    expect(metrics).toMatch(/deleted_total\{kind="condition"} 1\n/);
    expect(metrics).toMatch(/deleted_total\{kind="agent_instance"} 1\n/);
    expect(metrics).toMatch(/last_run_timestamp_seconds \d{10}/);
  });

  it('is done by one of several monitors at a time, to the end', async () => {
    await insert(many(3_000, daysAgo(DAYS + 1)));
    const registries = [new Registry(), new Registry(), new Registry()];
    await Promise.all(registries.map((registry) => start(DAYS, registry).run()));
    expect(await taskIds()).toEqual([]);
    const counts = await Promise.all(
      registries.map(async (registry) => {
        const [, count = '0'] = /kind="task"} (\d+)/.exec(await registry.metrics()) ?? [];
        return Number(count);
      }),
    );
    expect(counts.reduce((sum, count) => sum + count)).toBe(3_000);
  });

  it('stops between two batches', async () => {
    await insert(many(5_000, daysAgo(DAYS + 1)));
    const retention = start();
    const running = retention.run();
    await eventually(async () => (await taskIds()).length < 5_000, { intervalMs: 1 });
    await retention.beforeApplicationShutdown();
    await running;
    expect((await taskIds()).length).toBeGreaterThan(0);
  });

  it('keeps everything where it is told to', async () => {
    await insert(many(3, daysAgo(4_000)));
    const transaction = jest.spyOn(dataSource, 'transaction');
    const retention = start(0);
    retention.onApplicationBootstrap();
    await retention.beforeApplicationShutdown();
    expect(transaction).not.toHaveBeenCalled();
    transaction.mockRestore();
  });

  it('goes on in its next run where PostgreSQL does not answer in this', async () => {
    await insert(many(3, daysAgo(DAYS + 1)));
    const transaction = jest
      .spyOn(dataSource, 'transaction')
      .mockRejectedValueOnce(new Error('away'));
    start().onApplicationBootstrap();
    await eventually(async () => (await taskIds()).length === 0);
    expect(transaction.mock.calls.length).toBeGreaterThan(1);
    transaction.mockRestore();
  });
});
