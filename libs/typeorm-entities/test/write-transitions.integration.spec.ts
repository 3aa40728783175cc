import { newId } from '@askflash/config';
import {
  TaskHistory,
  TaskOutbox,
  TaskStageLog,
  AgentPerformance,
  writeTransitions,
  type GuardedChange,
  type NewTask,
  type TransitionWrites,
} from '../src/index';
import { aTask, useDatabase } from './support';

const database = useDatabase();
const write = (writes: Partial<TransitionWrites>) => writeTransitions(database.dataSource, writes);

/** A change of a task to its next event number. */
const aChange = (task: NewTask, overrides: Partial<GuardedChange> = {}): GuardedChange => ({
  ...task,
  status: 'in_progress',
  fromSeq: task.eventSeq,
  eventSeq: task.eventSeq + 1,
  ...overrides,
});
const anEvent = ({ id: taskId }: { id: string }, seq = 1) => ({
  ...{ taskId, seq, type: 'stage.completed' as const, stage: 'embedding_lookup', attempt: 1 },
  ...{ data: {}, at: new Date() },
});
const anAttempt = ({ id: taskId }: { id: string }, attempt = 1) => ({
  ...{ id: newId(), taskId, stage: 'embedding_lookup', attempt, agent: 'embedding' },
  ...{ instanceId: newId(), outcome: 'completed' as const, errorCode: null },
  ...{ durationMs: 1, queueWaitMs: 1 },
});
const aMessage = ({ id: taskId }: { id: string }) => ({
  ...{ id: newId(), taskId, type: 'stage.requested.v1', payload: {}, traceparent: null },
});
/** A transition's rows, all of one task. */
const all = (task: NewTask, seq = 2) => ({
  events: [anEvent(task, seq)],
  attempts: [anAttempt(task)],
  messages: [aMessage(task)],
});

/** How many events, attempts and messages a task has. */
const countsOf = ({ id: taskId }: { id: string }) =>
  Promise.all(
    [TaskStageLog, AgentPerformance, TaskOutbox].map((entity) =>
      database.manager.countBy(entity, { taskId }),
    ),
  );
const seqOf = async ({ id }: { id: string }) =>
  (await database.manager.findOneByOrFail(TaskHistory, { id })).eventSeq;

describe('tasks are compared and set', () => {
  it('by event number: what has moved on is left as it is, with all that belongs to it', async () => {
    const [moved, still] = [aTask(), aTask()];
    await write({ created: [moved, still] });
    await write({ changes: [aChange(moved, { eventSeq: 7 })] });
    const [one, other] = [all(moved), all(still)];
    const { changed, now } = await write({
      changes: [aChange(moved), aChange(still)],
      events: [...one.events, ...other.events],
      attempts: [...one.attempts, ...other.attempts],
      messages: [...one.messages, ...other.messages],
    });
    expect([...changed]).toEqual([[still.id, expect.any(Date)]]);
    expect(Math.abs(now.getTime() - Number(changed.get(still.id)))).toBeLessThan(60_000);
    expect(await Promise.all([moved, still].map(seqOf))).toEqual([7, 2]);
    expect(await countsOf(moved)).toEqual([0, 0, 0]);
    expect(await countsOf(still)).toEqual([1, 1, 1]);
  });

  it('each once, by many batches at once that name them in opposite orders', async () => {
    const tasks = Array.from({ length: 200 }, () => aTask());
    await write({ created: tasks });
    const batches = Array.from({ length: 8 }, (_one, index) => {
      const order = index % 2 === 0 ? tasks : [...tasks].reverse();
      return write({
        changes: order.map((task) => aChange(task)),
        events: order.map((task) => anEvent(task, 2)),
      });
    });
    const changed = (await Promise.all(batches)).flatMap((batch) => [...batch.changed.keys()]);
    expect(changed.sort()).toEqual(tasks.map(({ id }) => id).sort());
    const counts = await Promise.all(tasks.map(countsOf));
    expect(counts.filter(([events]) => events !== 1)).toEqual([]);
  });

  it('not at all where they do not exist', async () => {
    const nobody = aTask();
    const { changed } = await write({ changes: [aChange(nobody)], ...all(nobody) });
    expect(changed.size).toBe(0);
    expect(await countsOf(nobody)).toEqual([0, 0, 0]);
  });
});

describe('a new task', () => {
  it('that is there already brings nothing of its own', async () => {
    const first = aTask({ idempotencyKey: newId() });
    const again = aTask({ idempotencyKey: first.idempotencyKey });
    await write({ created: [first], ...all(first, 1) });
    const { created } = await write({ created: [again], ...all(again, 1) });
    expect(created.size).toBe(0);
    expect(await countsOf(again)).toEqual([0, 0, 0]);
    const repeated = await write({ created: [first], ...all(first, 1) });
    expect(repeated.created.size).toBe(0);
    expect(await countsOf(first)).toEqual([1, 1, 1]);
  });

  it('is made once, with what is its own, where one batch or two at once have it twice', async () => {
    const twins = Array.from({ length: 6 }, () => aTask({ idempotencyKey: 'twins' }));
    const [one, other] = [twins.slice(0, 3), twins.slice(3)];
    const written = await Promise.all(
      [one, other].map((created) =>
        write({ created, events: created.map((task) => anEvent(task)) }),
      ),
    );
    const made = written.flatMap(({ created }) => [...created]);
    expect(made).toHaveLength(1);
    const logs = await database.manager.find(TaskStageLog);
    const ids = new Set(twins.map(({ id }) => id));
    expect(logs.filter(({ taskId }) => ids.has(taskId)).map(({ taskId }) => taskId)).toEqual(made);
  });
});

describe('a batch', () => {
  it('forgets confirmed messages, those that are gone already too', async () => {
    const task = aTask();
    const messages = [aMessage(task), aMessage(task), aMessage(task)];
    await write({ created: [task], messages });
    const [first, second, third] = messages.map(({ id }) => id);
    await write({ confirmed: [first, newId()].map(String) });
    await write({ changes: [aChange(task)], confirmed: [first, second].map(String) });
    const left = await database.manager.findBy(TaskOutbox, { taskId: task.id });
    expect(left.map(({ id }) => id)).toEqual([third]);
  });

  it('records an attempt once', async () => {
    const task = aTask();
    await write({ created: [task], attempts: [anAttempt(task)] });
    await write({ changes: [aChange(task)], attempts: [anAttempt(task), anAttempt(task, 2)] });
    expect(await database.manager.countBy(AgentPerformance, { taskId: task.id })).toBe(2);
  });

  it('is written whole or not at all', async () => {
    const [task, other] = [aTask(), aTask()];
    await write({ created: [task], events: [anEvent(task, 2)] });
    const doubled = write({ created: [other], changes: [aChange(task)], ...all(task, 2) });
    await expect(doubled).rejects.toMatchObject({ constraint: 'task_stage_logs_pkey' });
    expect(await seqOf(task)).toBe(1);
    expect(await countsOf(task)).toEqual([1, 0, 0]);
    expect(await database.manager.countBy(TaskHistory, { id: other.id })).toBe(0);
  });

  it('tells whether it is stored as it was given, and how large its tasks are', async () => {
    const plain = aTask({ query: 'Größe \ufffd? 🙂' });
    const { isVerbatim, bytes } = await write({ created: [plain] });
    expect(isVerbatim).toBe(true);
    expect(bytes).toBeGreaterThan(plain.query.length);
    for (const unstorable of ['a\0b', 'a\ud800b', '\udc00']) {
      const task = aTask();
      await write({ created: [task] });
      const change = aChange(task, { state: { output: unstorable } });
      expect((await write({ changes: [change] })).isVerbatim).toBe(false);
      const { state } = await database.manager.findOneByOrFail(TaskHistory, { id: task.id });
      expect(state).toEqual({ output: unstorable.replace(/[^ab]/, '\ufffd') });
    }
  });

  const PARTS = ['created', 'changes', 'events', 'attempts', 'messages', 'confirmed'] as const;
  const COMBINATIONS = Array.from({ length: 2 ** PARTS.length }, (_one, bits) =>
    PARTS.filter((_part, index) => bits & (1 << index)),
  );

  it('may have any of its parts and lack any', async () => {
    for (const parts of COMBINATIONS) {
      const [made, changed, settled] = [aTask(), aTask(), aTask()];
      const old = aMessage(settled);
      await write({ created: [changed, settled], messages: [old] });
      const whole = {
        created: [made],
        changes: [aChange(changed)],
        events: [anEvent(made, 1), anEvent(changed, 2)],
        attempts: [anAttempt(made), anAttempt(changed)],
        messages: [aMessage(made), aMessage(changed)],
        confirmed: [old.id],
      };
      const entries = Object.entries(whole);
      const has = (part: string) => parts.some((one) => one === part);
      const written = await write(Object.fromEntries(entries.filter(([part]) => has(part))));
      expect([...written.created]).toEqual(has('created') ? [made.id] : []);
      expect([...written.changed.keys()]).toEqual(has('changes') ? [changed.id] : []);
      const expected = ['events', 'attempts', 'messages'].map((part) => (has(part) ? 1 : 0));
      const nothing = [0, 0, 0];
      expect(await countsOf(made)).toEqual(has('created') ? expected : nothing);
      expect(await countsOf(changed)).toEqual(has('changes') ? expected : nothing);
      expect(await countsOf(settled)).toEqual([0, 0, has('confirmed') ? 0 : 1]);
    }
  });
});
