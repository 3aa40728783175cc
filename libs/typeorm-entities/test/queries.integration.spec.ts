import { newId } from '@askflash/config';
import {
  TaskHistory,
  TaskOutbox,
  deleteFinishedTasks,
  deleteMessages,
  insertTemplateVersion,
  postponeMessages,
  selectBacklog,
  selectChangedTasks,
  selectDueTasks,
  selectStageLogs,
  selectTaskByIdempotencyKey,
  selectTasks,
  selectTasksById,
  selectTemplate,
  selectUnsentMessages,
  writeTransitions,
  type NewTask,
  type OutboxMessage,
  type TaskFilter,
} from '../src/index';
import { TEMPLATE, aTask, useDatabase } from './support';

const database = useDatabase();
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);
const insert = async (...tasks: NewTask[]) => {
  await writeTransitions(database.dataSource, { created: tasks });
  return ids(tasks);
};
const read = (...taskIds: (string | undefined)[]) =>
  selectTasksById(database.manager, taskIds.map(String));
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const aMessage = (taskId: string) => ({
  id: newId(),
  taskId,
  type: 'stage.requested.v1',
  payload: { stage: 'embedding_lookup' },
  traceparent: TRACEPARENT,
});

/** A task that owes messages. */
const insertOwing = async (
  task: NewTask,
  messages: readonly OutboxMessage[],
  leaseMs = 0,
): Promise<void> => {
  await writeTransitions(database.dataSource, { created: [task], messages, leaseMs });
};

beforeEach(() => database.dataSource.query('TRUNCATE task_histories CASCADE'));

describe('lists of tasks', () => {
  it('are newest first and go on after the last id seen, without gap or double', async () => {
    const made = await insert(...Array.from({ length: 7 }, () => aTask()));
    await insert(aTask({ userId: 'grace' }));
    const pages: string[][] = [];
    for (let before: string | undefined; ; before = pages.at(-1)?.at(-1)) {
      const page = await selectTasks(database.manager, {
        userId: 'ada',
        limit: 3,
        ...(before === undefined ? {} : { before }),
      });
      if (page.length === 0) break;
      pages.push(ids(page));
    }
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual([...made].reverse());
  });

  it('can be had by user, status and template, each alone or together', async () => {
    const [failed, waiting, other] = await insert(
      aTask({ status: 'failed', finishedAt: new Date() }),
      aTask({ status: 'waiting' }),
      aTask({ userId: 'grace', status: 'failed', finishedAt: new Date() }),
    );
    const list = async (filter: Omit<TaskFilter, 'limit'>) =>
      ids(await selectTasks(database.manager, { ...filter, limit: 10 }));
    expect(await list({})).toEqual([other, waiting, failed]);
    expect(await list({ status: 'failed' })).toEqual([other, failed]);
    expect(await list({ status: 'failed', before: other })).toEqual([failed]);
    expect(await list({ userId: 'ada', status: 'failed' })).toEqual([failed]);
    expect(await list({ templateName: TEMPLATE.name, userId: 'grace' })).toEqual([other]);
    expect(await list({ templateName: 'another' })).toEqual([]);
  });

  it('tell of a task what is small', async () => {
    const error = { code: 'BROKEN', message: 'It broke', stage: 'moderation' };
    const finishedAt = new Date();
    const [id] = await insert(aTask({ status: 'failed', error, finishedAt, retryOf: newId() }));
    const [task] = await selectTasks(database.manager, { limit: 1 });
    expect(task).toMatchObject({ id, userId: 'ada', error, finishedAt, priority: 5 });
    expect(task).not.toHaveProperty('state');
    expect(task).not.toHaveProperty('result');
  });

  it('find a task by its idempotency key, of its user only', async () => {
    const [id] = await insert(aTask({ idempotencyKey: 'k' }));
    const find = (userId: string, key: string) =>
      selectTaskByIdempotencyKey(database.manager, userId, key);
    expect(await find('ada', 'k')).toMatchObject({ id });
    expect(await find('grace', 'k')).toBeNull();
    expect(await find('ada', 'other')).toBeNull();
  });
});

it('keeps the trace a task is in', async () => {
  const [traced, untraced] = await insert(aTask({ traceparent: TRACEPARENT }), aTask());
  const rows = await read(traced, untraced);
  expect(rows.map(({ traceparent }) => traceparent)).toEqual([TRACEPARENT, null]);
});

describe('the backlog', () => {
  const measure = (maxTaskCount = 10, ignoredMessageCount = 0) =>
    selectBacklog(database.manager, { maxTaskCount, ignoredMessageCount });

  it('is nothing where nothing runs', async () => {
    await insert(aTask({ status: 'complete', finishedAt: new Date() }));
    expect(await measure()).toEqual({ openTaskCount: 0, unsentForMs: 0, oldestUnsentMs: 0 });
  });

  it('counts the tasks that run, up to the most asked for', async () => {
    await insert(...Array.from({ length: 5 }, () => aTask({ wakeAt: new Date() })));
    expect((await measure()).openTaskCount).toBe(5);
    expect((await measure(3)).openTaskCount).toBe(3);
  });

  it('tells for how long messages wait, but for the oldest few', async () => {
    const task = aTask();
    const messages = [aMessage(task.id), aMessage(task.id)];
    await insertOwing(task, messages);
    await database.dataSource.query(
      `UPDATE task_outbox SET created_at = now() - interval '1 minute' WHERE id = $1`,
      [messages[0]?.id],
    );
    expect((await measure()).unsentForMs).toBeGreaterThan(59_000);
    expect((await measure(10, 1)).unsentForMs).toBeLessThan(59_000);
    expect((await measure(10, 2)).unsentForMs).toBe(0);
    expect((await measure(10, 2)).oldestUnsentMs).toBeGreaterThan(59_000);
  });
});

describe('a version of a template', () => {
  const save = (name: string) =>
    insertTemplateVersion(database.manager, name, (version) => ({
      name,
      version,
      description: 'd',
    }));

  it('is the highest plus one, whoever else saves one meanwhile', async () => {
    const saved = await Promise.all(Array.from({ length: 8 }, () => save('many')));
    expect(saved.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await selectTemplate(database.manager, 'many'))?.definition).toEqual({
      name: 'many',
      version: 8,
      description: 'd',
    });
  });
});

describe('a transition', () => {
  it('reads its tasks, without those that do not exist', async () => {
    const made = await insert(aTask(), aTask(), aTask());
    expect(ids(await read(...made, newId())).sort()).toEqual(made);
  });

  it('writes back what it changed, and events in their order', async () => {
    const task = aTask({ wakeAt: ago(1) });
    const { id } = task;
    await insert(task);
    const finishedAt = new Date();
    const change = {
      id,
      status: 'failed' as const,
      state: { stages: [{ name: 'embedding_lookup', note: 'it’s "quoted" \\ — ünïcode' }] },
      eventSeq: 3,
      result: null,
      error: { code: 'X', message: 'no' },
      wakeAt: null,
      deadlineAt: null,
      finishedAt,
    };
    const log = { taskId: id, attempt: null, stage: null, data: {}, at: finishedAt };
    const { changed } = await writeTransitions(database.dataSource, {
      changes: [{ ...change, fromSeq: task.eventSeq }],
      events: [
        { ...log, seq: 2, type: 'stage.failed', stage: 'embedding_lookup', attempt: 1 },
        { ...log, seq: 1, type: 'task.created' },
      ],
    });
    const found = await database.manager.findOneByOrFail(TaskHistory, { id });
    expect(found).toMatchObject(change);
    expect(found.result).toBeNull();
    expect(changed.get(id)).toEqual(found.updatedAt);
    const logs = await selectStageLogs(database.manager, { taskId: id });
    expect(logs.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'task.created'],
      [2, 'stage.failed'],
    ]);
    expect(await selectStageLogs(database.manager, { taskId: id, afterSeq: 1 })).toEqual(
      logs.slice(1),
    );
  });

  it('is not failed by text that PostgreSQL cannot hold', async () => {
    const unstorable = 'a\0b\ud800c';
    const [id] = await insert(aTask({ query: unstorable, input: { [unstorable]: unstorable } }));
    const held = 'a\ufffdb\ufffdc';
    expect(await database.manager.findOneByOrFail(TaskHistory, { id: String(id) })).toMatchObject({
      query: held,
      input: { [held]: held },
    });
  });
});

describe('due tasks', () => {
  it('come longest overdue first, each to one poller only', async () => {
    const [late, latest] = await insert(
      aTask({ wakeAt: ago(1) }),
      aTask({ wakeAt: ago(60) }),
      aTask({ wakeAt: ago(-60) }),
      aTask({ wakeAt: null }),
    );
    await database.dataSource.transaction(async (one) => {
      expect(ids(await selectDueTasks(one, { limit: 1 }))).toEqual([latest]);
      await database.dataSource.transaction(async (other) => {
        expect(ids(await selectDueTasks(other, { limit: 10 }))).toEqual([late]);
      });
    });
  });
});

describe('tasks that have changed', () => {
  const pages = async (withinMs: number, limit: number) => {
    const found: string[][] = [];
    for await (const page of selectChangedTasks(database.manager, { withinMs, limit })) {
      found.push(page.map(({ id }) => id));
    }
    return found.filter(({ length }) => length > 0);
  };
  const ended = (finishedAt: Date) => aTask({ status: 'complete', eventSeq: 7, finishedAt });

  it('come in pages, each once: those that run, then those that ended, the latest first', async () => {
    const [first, second] = await insert(
      aTask({ status: 'in_progress' }),
      aTask(),
      ended(ago(900)),
    );
    const [late, latest] = await insert(ended(ago(300)), ended(ago(100)));
    const batch = ago(200);
    const atOnce = (await insert(ended(batch), ended(batch), ended(batch))).sort().reverse();
    const found = await pages(600_000, 2);
    expect(found.every(({ length }) => length <= 2)).toBe(true);
    expect(found.flat().slice(0, 2).sort()).toEqual([first, second].sort());
    expect(found.flat().slice(2)).toEqual([latest, ...atOnce, late]);
    expect(await pages(0, 2)).toEqual([]);
  });

  it('tell the number of their last event', async () => {
    const [id] = await insert(ended(ago(1)));
    for await (const page of selectChangedTasks(database.manager, { withinMs: 5_000, limit: 2 })) {
      expect(page).toEqual(page.length === 0 ? [] : [expect.objectContaining({ id, seq: 7 })]);
    }
    expect.assertions(3);
  });
});

describe('the outbox', () => {
  const unsent = () =>
    database.dataSource.transaction((manager) => selectUnsentMessages(manager, { limit: 10 }));

  it('gives a message to the poller once its writer’s lease is over', async () => {
    const [one, other] = [aTask(), aTask()];
    const [leased, free] = [aMessage(one.id), aMessage(other.id)];
    await insertOwing(one, [leased], 60_000);
    await insertOwing(other, [free]);
    const found = await unsent();
    expect(found).toEqual([expect.objectContaining({ ...free, attempts: 0 })]);
  });

  it('gives it to one poller only, and again after a while until it is deleted', async () => {
    const task = aTask();
    const owed = aMessage(task.id);
    await insertOwing(task, [owed]);
    await database.dataSource.transaction(async (manager) => {
      expect(await selectUnsentMessages(manager, { limit: 10 })).toHaveLength(1);
      expect(await unsent()).toEqual([]);
      await postponeMessages(manager, [owed.id], 60_000);
    });
    expect(await unsent()).toEqual([]);
    await database.dataSource.query(`UPDATE task_outbox SET next_attempt_at = now()`);
    expect(await unsent()).toEqual([expect.objectContaining({ id: owed.id, attempts: 1 })]);
    await deleteMessages(database.manager, [owed.id]);
    expect(await database.manager.count(TaskOutbox)).toBe(0);
  });

  it('does nothing for no messages', async () => {
    await postponeMessages(database.manager, [], 1000);
    await deleteMessages(database.manager, []);
  });
});

describe('retention', () => {
  it('deletes what ended long ago, oldest first, and nothing that still owes a message', async () => {
    const ended = (seconds: number) => aTask({ status: 'complete', finishedAt: ago(seconds) });
    const owing = ended(9999);
    const [, older, young, running] = await insert(ended(9000), ended(8000), ended(10), aTask());
    await insertOwing(owing, [aMessage(owing.id)]);
    const finishedBefore = ago(3600);
    const left = async () => ids(await database.manager.find(TaskHistory)).sort();
    expect(await deleteFinishedTasks(database.manager, { finishedBefore, limit: 1 })).toBe(1);
    expect(await left()).toEqual([older, owing.id, young, running].sort());
    expect(await deleteFinishedTasks(database.manager, { finishedBefore, limit: 10 })).toBe(1);
    expect(await left()).toEqual([owing.id, young, running].sort());
    expect(await deleteFinishedTasks(database.manager, { finishedBefore, limit: 10 })).toBe(0);
  });
});
