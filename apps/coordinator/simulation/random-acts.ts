import type * as entities from '@askflash/typeorm-entities';
import { TaskHistory, type GuardedChange, type NewTask } from '@askflash/typeorm-entities';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { TEMPLATES } from './templates';

/** What the engine asks of a database, as both the real and the simulated one carry it out. */
export type Queries = Pick<
  typeof entities,
  | 'writeTransitions'
  | 'selectTasksById'
  | 'selectChangedTasks'
  | 'selectDueTasks'
  | 'selectTaskByIdempotencyKey'
  | 'selectStageLogs'
  | 'selectUnsentMessages'
  | 'postponeMessages'
  | 'deleteMessages'
  | 'selectLatestVersion'
  | 'selectTemplate'
>;

/** A step of a task: made where nothing is said of where it starts, else changed from that event on. */
interface TaskStep {
  readonly task: number;
  readonly fromSeq: number | undefined;
  readonly key: number | null;
  /** Minutes from now on; the task has ended where there are none. */
  readonly dueMinutes: number | null;
  readonly attempt: number;
}

export type Act =
  | { do: 'write'; steps: TaskStep[]; isLeased: boolean; confirmed: number[] }
  | { do: 'look'; limit: number }
  | { do: 'send again'; limit: number }
  | { do: 'delete'; messages: number[] };

const TASK_COUNT = 4;
/** Of any task, at any event number that it may get to in a few acts. */
const messages = fc.uniqueArray(fc.nat(TASK_COUNT * 6), { maxLength: 4 });

const step: fc.Arbitrary<TaskStep> = fc.record({
  task: fc.nat(TASK_COUNT - 1),
  fromSeq: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined, freq: 2 }),
  key: fc.option(fc.nat(1)),
  dueMinutes: fc.option(fc.integer({ min: -50, max: 50 }), { freq: 6 }),
  attempt: fc.integer({ min: 1, max: 2 }),
});

export const anyAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      steps: fc.uniqueArray(step, { selector: ({ task }) => task, maxLength: TASK_COUNT }),
      isLeased: fc.boolean(),
      confirmed: messages,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('look' as const),
      limit: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('send again' as const), limit: fc.constantFrom(1, 9) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), messages }) },
);

/** Carries acts out one after another: what each is answered with, and all there is in the end. */
export async function play(
  dataSource: DataSource,
  queries: Queries,
  acts: readonly Act[],
): Promise<unknown[]> {
  const answers: unknown[] = [];
  // One for all acts: with one each, who is due first would follow from how long they took.
  const now = new Date();
  for (const act of acts) answers.push(await carryOut(dataSource, queries, act, now));
  return [...answers, await readAll(dataSource, queries)];
}

async function carryOut(
  dataSource: DataSource,
  queries: Queries,
  act: Act,
  now: Date,
): Promise<unknown> {
  switch (act.do) {
    case 'write': {
      const { created, changed } = await queries.writeTransitions(dataSource, writesOf(act, now));
      return { created: [...created].sort(), changed: [...changed.keys()].sort() };
    }
    case 'look':
      // Two at once: what one has locked the other passes over.
      return dataSource.transaction(async (one) => {
        const first = await queries.selectDueTasks(one, { limit: act.limit });
        const second = await dataSource.transaction((other) =>
          queries.selectDueTasks(other, { limit: TASK_COUNT }),
        );
        return [first, second].map((tasks) => tasks.map(({ id }) => id));
      });
    case 'send again':
      return dataSource.transaction(async (manager) => {
        const unsent = await queries.selectUnsentMessages(manager, { limit: act.limit });
        // Those of one moment come in any order; so that they are the same ones, all or none are put off.
        const ids = unsent.map(({ id }) => id);
        if (act.limit > 1) await queries.postponeMessages(manager, ids, 60_000);
        return act.limit > 1 ? ids.sort() : ids.length;
      });
    case 'delete':
      return queries.deleteMessages(dataSource.manager, act.messages.map(messageId));
  }
}

function writesOf({ steps, isLeased, confirmed }: Extract<Act, { do: 'write' }>, now: Date) {
  const after = steps.map(({ fromSeq = 0, ...rest }) => ({ ...rest, seq: fromSeq + 1 }));
  return {
    created: steps.filter(({ fromSeq }) => fromSeq === undefined).map((one) => newTask(one, now)),
    changes: steps.flatMap((one): GuardedChange[] =>
      one.fromSeq === undefined ? [] : [{ ...newTask(one, now), fromSeq: one.fromSeq }],
    ),
    events: after.map(({ task, seq, attempt }) => ({
      ...{ taskId: taskId(task), seq, type: 'stage.completed' as const, stage: 'moderation' },
      ...{ attempt, data: { seq }, at: new Date(0) },
    })),
    attempts: after.map(({ task, seq, attempt }) => ({
      ...{ id: idOf(900 + 10 * task + seq), taskId: taskId(task), stage: 'moderation', attempt },
      ...{ agent: 'moderator', instanceId: idOf(1), outcome: 'completed' as const },
      ...{ errorCode: null, durationMs: seq, queueWaitMs: null },
    })),
    messages: after.map(({ task, seq }) => ({
      ...{ id: messageId(6 * task + seq), taskId: taskId(task), type: 'stage.requested.v1' },
      ...{ payload: { seq }, traceparent: null },
    })),
    leaseMs: isLeased ? 600_000 : 0,
    confirmed: confirmed.map(messageId),
  };
}

function newTask({ task, fromSeq = 0, key, dueMinutes }: TaskStep, now: Date): NewTask {
  const [{ name, version } = { name: '', version: 0 }] = TEMPLATES;
  return {
    ...{ id: taskId(task), userId: 'ada', query: 'Why?', input: { task }, retryOf: null },
    ...{ templateName: name, templateVersion: version, priority: 5, traceparent: null },
    status: dueMinutes === null ? 'aborted' : 'in_progress',
    ...{ state: { fromSeq }, eventSeq: fromSeq + 1, result: null, error: null },
    ...{ idempotencyKey: key === null ? null : `key ${key}`, requestHash: null },
    // No two at one moment, so that their order is known.
    wakeAt:
      dueMinutes === null ? null : new Date(now.getTime() + 60_000 * dueMinutes - 30_000 - task),
    ...{ deadlineAt: null, createdAt: now, finishedAt: dueMinutes === null ? now : null },
  };
}

/** All that can be seen of the tables, but times. */
async function readAll(dataSource: DataSource, queries: Queries): Promise<unknown> {
  const { manager } = dataSource;
  const ids = Array.from({ length: TASK_COUNT }, (_none, task) => taskId(task));
  const tasks = await queries.selectTasksById(manager, ids);
  const changed: unknown[] = [];
  for await (const page of queries.selectChangedTasks(manager, { withinMs: 600_000, limit: 2 })) {
    changed.push(...page.map(({ id, seq }) => `${id} ${seq}`));
  }
  const byKey = await queries.selectTaskByIdempotencyKey(manager, 'ada', 'key 0');
  const found = await manager.findOneBy(TaskHistory, { id: taskId(0) });
  const logs = await Promise.all(
    ids.map((id) => queries.selectStageLogs(manager, { taskId: id, afterSeq: 1 })),
  );
  return {
    tasks: tasks.map(withoutTimes).sort((one, other) => (one.id < other.id ? -1 : 1)),
    changed: changed.sort(),
    byKey: byKey?.id,
    found: found?.eventSeq,
    logs: logs.flat().map(({ taskId: of, seq, attempt, data }) => ({ of, seq, attempt, data })),
  };
}

function withoutTimes({ id, status, state, eventSeq, input, idempotencyKey, wakeAt }: TaskHistory) {
  return { id, status, state, eventSeq, input, idempotencyKey, isAwake: wakeAt !== null };
}

function taskId(task: number): string {
  return idOf(task);
}

function messageId(message: number): string {
  return idOf(100 + message);
}

function idOf(number: number): string {
  return `019a0000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}
