import type * as entities from '@askflash/typeorm-entities';
import type { TaskHistory } from '@askflash/typeorm-entities';
import type { DataSource, EntityManager } from 'typeorm';
import { POISON } from './agents';
import type { Session } from './database';
import { SimulatedDataSource, SimulatedManager } from './typeorm';

/** How a state shows that there is poison in it. */
const POISON_JSON = JSON.stringify(POISON).slice(1, -1);

/*
 * The queries of `@askflash/typeorm-entities` that the engine makes, on the simulated database. They
 * keep what those promise, which the integration tests of that lib see to.
 */

export const writeTransitions: typeof entities.writeTransitions = (dataSource, writes) => {
  const session = sessionOf(dataSource);
  const { created = [], changes = [], messages = [], confirmed = [] } = writes;
  const keys = [...created.flatMap(uniqueKeys), ...changes.map(({ id }) => id), ...confirmed];
  return session.statement(() => {
    if (changes.some(({ state }) => JSON.stringify(state).includes(POISON_JSON))) throw refused();
    const now = new Date();
    const isWritten = new Set([
      ...insertTasks(session, created),
      ...updateTasks(session, changes, now),
    ]);
    const { logs, performance, outbox } = session.tables;
    for (const log of writes.events ?? []) {
      const key = `${log.taskId}/${log.seq}`;
      if (isWritten.has(log.taskId)) logs.set(key, structuredClone(log));
    }
    for (const attempt of writes.attempts ?? []) {
      const key = `${attempt.taskId}/${attempt.stage}/${attempt.attempt}`;
      if (isWritten.has(attempt.taskId) && !performance.has(key)) performance.set(key, attempt);
    }
    // It is one statement, which deletes nothing that it puts in itself.
    for (const id of confirmed) outbox.delete(id);
    const nextAttemptAt = new Date(now.getTime() + (writes.leaseMs ?? 0));
    for (const message of messages) {
      if (!isWritten.has(message.taskId)) continue;
      const row = { ...structuredClone(message), createdAt: now, nextAttemptAt, attempts: 0 };
      outbox.set(message.id, row);
    }
    return {
      now,
      created: new Set(created.flatMap(({ id }) => (isWritten.has(id) ? [id] : []))),
      changed: new Map(changes.flatMap(({ id }) => (isWritten.has(id) ? [[id, now]] : []))),
      isVerbatim: true,
      bytes: 1_000,
    };
  }, keys);
};

function insertTasks({ tables: { tasks } }: Session, created: readonly entities.NewTask[]) {
  const taken = new Set([...tasks.values()].flatMap(uniqueKeys));
  return [...created].sort(byKey).flatMap((task) => {
    if (uniqueKeys(task).some((key) => taken.has(key))) return [];
    for (const key of uniqueKeys(task)) taken.add(key);
    tasks.set(task.id, { ...structuredClone(task), updatedAt: task.createdAt });
    return [task.id];
  });
}

function updateTasks(
  { tables: { tasks } }: Session,
  changes: readonly entities.GuardedChange[],
  updatedAt: Date,
): string[] {
  return changes.flatMap(({ id, fromSeq, ...change }) => {
    const before = tasks.get(id);
    if (before?.eventSeq !== fromSeq) return [];
    const { status, state, eventSeq, result, error, wakeAt, deadlineAt, finishedAt } = change;
    const columns = { status, state, eventSeq, result, error, wakeAt, deadlineAt, finishedAt };
    tasks.set(id, { ...before, ...structuredClone(columns), updatedAt });
    return [id];
  });
}

export const selectTasksById: typeof entities.selectTasksById = (manager, ids) => {
  const session = sessionOf(manager);
  return session.statement(() => ids.flatMap((id) => session.tables.tasks.get(id) ?? []));
};

export const selectChangedTasks: typeof entities.selectChangedTasks = async function* (
  manager,
  { withinMs },
) {
  const session = sessionOf(manager);
  yield await session.statement(() => {
    const since = Date.now() - withinMs;
    const changed = [...session.tables.tasks.values()].filter((task) => +task.updatedAt >= since);
    return changed.map(({ id, eventSeq }) => ({ id, seq: eventSeq }));
  });
};

export const selectDueTasks: typeof entities.selectDueTasks = (manager, { limit }) => {
  const session = sessionOf(manager);
  return session.statement(() => {
    const tasks = [...session.tables.tasks.values()];
    const due = tasks.filter(({ wakeAt }) => isPast(wakeAt));
    due.sort((one, other) => Number(one.wakeAt) - Number(other.wakeAt));
    return session.lockFree(due, limit);
  });
};

export const selectTaskByIdempotencyKey: typeof entities.selectTaskByIdempotencyKey = (
  manager,
  userId,
  key,
) => {
  const session = sessionOf(manager);
  const isIt = (task: TaskHistory) => task.userId === userId && task.idempotencyKey === key;
  return session.statement(() => [...session.tables.tasks.values()].find(isIt) ?? null);
};

export const selectStageLogs: typeof entities.selectStageLogs = (
  manager,
  { taskId, afterSeq = 0 },
) => {
  const session = sessionOf(manager);
  return session.statement(() =>
    [...session.tables.logs.values()]
      .filter((log) => log.taskId === taskId && log.seq > afterSeq)
      .sort((one, other) => one.seq - other.seq),
  );
};

export const selectUnsentMessages: typeof entities.selectUnsentMessages = (manager, { limit }) => {
  const session = sessionOf(manager);
  return session.statement(() => {
    const messages = [...session.tables.outbox.values()];
    const due = messages.filter(({ nextAttemptAt }) => isPast(nextAttemptAt));
    due.sort((one, other) => Number(one.nextAttemptAt) - Number(other.nextAttemptAt));
    return session.lockFree(due, limit);
  });
};

export const postponeMessages: typeof entities.postponeMessages = (manager, ids, delayMs) => {
  const session = sessionOf(manager);
  const { outbox } = session.tables;
  return session.statement(() => {
    const nextAttemptAt = new Date(Date.now() + delayMs);
    session.write(() => {
      for (const row of ids.flatMap((id) => outbox.get(id) ?? [])) {
        outbox.set(row.id, { ...row, nextAttemptAt, attempts: row.attempts + 1 });
      }
    });
  }, ids);
};

export const deleteMessages: typeof entities.deleteMessages = (manager, ids) => {
  if (ids.length === 0) return Promise.resolve();
  const session = sessionOf(manager);
  return session.statement(
    () => session.write(() => ids.forEach((id) => session.tables.outbox.delete(id))),
    ids,
  );
};

export const selectLatestVersion: typeof entities.selectLatestVersion = (dataSource, name) => {
  const session = sessionOf(dataSource);
  return session.statement(() => session.tables.templates.get(name)?.version ?? null);
};

export const selectTemplate: typeof entities.selectTemplate = (manager, name) => {
  const session = sessionOf(manager);
  return session.statement(() => session.tables.templates.get(name) ?? null);
};

/** Its schema is always right. */
export const assertSchemaCurrent: typeof entities.assertSchemaCurrent = async () => undefined;

function sessionOf(database: EntityManager | DataSource): Session {
  const isOurs = database instanceof SimulatedManager || database instanceof SimulatedDataSource;
  if (isOurs) return database.session;
  throw new Error('Whoever asks is not part of the simulation');
}

function uniqueKeys({ id, userId, idempotencyKey }: entities.NewTask | TaskHistory): string[] {
  return idempotencyKey === null ? [id] : [id, `${userId}/${idempotencyKey}`];
}

/** The order in which they are inserted: of two under one key the first is. */
function byKey(one: entities.NewTask, other: entities.NewTask): number {
  const [a, b] = [one, other].map(({ userId, idempotencyKey, id }) =>
    [userId, idempotencyKey ?? '\uffff', id].join('\0'),
  );
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/** What `pg` throws where a value is past what PostgreSQL holds. */
function refused(): Error {
  return Object.assign(new Error('string too long'), { code: '54000' });
}

function isPast(time: Date | null): boolean {
  return time !== null && time.getTime() <= Date.now();
}
