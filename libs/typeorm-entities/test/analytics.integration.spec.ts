import { newId } from '@askflash/config';
import { v7 } from 'uuid';
import {
  selectAgentFigures,
  selectTaskFigures,
  writeTransitions,
  type NewTask,
} from '../src/index';
import { TEMPLATE, aTask, useDatabase } from './support';

const database = useDatabase();
const HOUR_MS = 3_600_000;

/** A task made some hours ago, its id with it. */
function taskOf(hoursAgo: number, overrides: Partial<NewTask> = {}): NewTask {
  const createdAt = new Date(Date.now() - hoursAgo * HOUR_MS);
  return aTask({ id: v7({ msecs: createdAt.getTime() }), createdAt, ...overrides });
}

function ended(hoursAgo: number, tookMs: number, status: 'complete' | 'failed'): NewTask {
  const task = taskOf(hoursAgo, { status });
  return { ...task, finishedAt: new Date(new Date(task.createdAt).getTime() + tookMs) };
}

const insert = (...created: NewTask[]) => writeTransitions(database.dataSource, { created });

beforeEach(() => database.dataSource.query('TRUNCATE task_histories CASCADE'));

describe('figures of tasks', () => {
  it('count tasks by template and status, and tell how long they took', async () => {
    await insert(
      ended(1, 1000, 'complete'),
      ended(2, 3000, 'complete'),
      ended(2, 500, 'failed'),
      taskOf(0),
    );
    const of = { templateName: TEMPLATE.name, templateVersion: TEMPLATE.version, avgEvents: 1 };
    const took = (avg: number, p50: number, p95: number) => ({
      avgDurationMs: avg,
      p50DurationMs: p50,
      p95DurationMs: p95,
    });
    expect(await selectTaskFigures(database.manager, { hours: 3 })).toEqual([
      { ...of, status: 'complete', tasks: 2, ...took(2000, 2000, 2900) },
      { ...of, status: 'failed', tasks: 1, ...took(500, 500, 500) },
      {
        ...of,
        status: 'waiting',
        tasks: 1,
        avgDurationMs: null,
        p50DurationMs: null,
        p95DurationMs: null,
      },
    ]);
  });

  it('leave out what is older', async () => {
    await insert(taskOf(0.9), taskOf(1.1), taskOf(23.9), taskOf(24.1));
    const count = async (hours: number) =>
      (await selectTaskFigures(database.manager, { hours }))[0]?.tasks;
    expect(await count(1)).toBe(1);
    expect(await count(24)).toBe(3);
    expect(await count(720)).toBe(4);
  });

  it('are none where there is no task', async () => {
    expect(await selectTaskFigures(database.manager, { hours: 24 })).toEqual([]);
  });
});

describe('figures of agents', () => {
  it('count attempts by agent and stage, and tell how long they took and waited', async () => {
    const task = aTask();
    const attempt = (number: number, durationMs: number, failed = false) => ({
      id: newId(),
      taskId: task.id,
      stage: 'embedding_lookup',
      attempt: number,
      agent: 'embedding',
      instanceId: newId(),
      outcome: failed ? ('failed' as const) : ('completed' as const),
      errorCode: failed ? 'BROKEN' : null,
      durationMs,
      queueWaitMs: failed ? null : 10,
    });
    await writeTransitions(database.dataSource, {
      created: [task],
      attempts: [attempt(1, 100), attempt(2, 300), attempt(3, 200, true), attempt(4, 9000)],
    });
    await database.dataSource.query(
      `UPDATE agent_performance SET created_at = now() - interval '5 hours' WHERE attempt = 4`,
    );
    const [figures, ...more] = await selectAgentFigures(database.manager, { hours: 4 });
    expect(more).toEqual([]);
    expect(figures).toEqual({
      agent: 'embedding',
      stage: 'embedding_lookup',
      attempts: 3,
      completed: 2,
      failed: 1,
      avgDurationMs: 200,
      p50DurationMs: 200,
      p95DurationMs: 290,
      avgQueueWaitMs: 10,
      lastAt: expect.any(Date),
    });
    expect((await selectAgentFigures(database.manager, { hours: 6 }))[0]?.attempts).toBe(4);
  });
});
