import { COORDINATOR_STAGES, taskEvent } from '@askflash/contracts';
import { checkTask, type TaskFacts } from '@askflash/testing';
import type { TaskHistory } from '@askflash/typeorm-entities';
import { isDeepStrictEqual } from 'node:util';
import { toTaskView } from '../src/engine/task-record';
import { toRecord } from '../src/engine/task-rows';
import { templateOf } from './templates';
import type { World } from './world';

/** What of I1–I8 does not hold of a run that has come to its end, in words. */
export function findViolations({ clients, servers }: World): string[] {
  const tasks = [...servers.database.tables.tasks.values()];
  const found = tasks.flatMap((task) => [
    ...checkTask(factsOf(task, servers)).map(({ invariant, what }) => `${invariant}: ${what}`),
    ...checkSent(task, servers),
    ...checkView(task, servers),
  ]);
  const ids = new Set(tasks.map(({ id }) => id));
  for (const { accepted, asked, repeats, unforeseen } of clients) {
    found.push(...unforeseen);
    const told = [...accepted, ...repeats];
    if (accepted.size !== 1 || repeats.size > 1) found.push(`I3: ${told.length} tasks were made`);
    if (told.some((id) => !ids.has(id))) found.push('I1: a task that was accepted is gone');
    const made = [...asked].filter((id) => ids.has(id));
    if (made.length !== told.length) found.push(`I3: ${made.length} tasks, ${told.length} told of`);
  }
  return found;
}

function factsOf(
  { id, status, eventSeq, templateName }: TaskHistory,
  { database }: World['servers'],
): TaskFacts {
  const { logs, performance } = database.tables;
  return {
    ...{ id, status, eventSeq, template: templateOf(templateName) },
    events: [...logs.values()]
      .filter(({ taskId }) => taskId === id)
      .sort((one, other) => one.seq - other.seq)
      .map(({ at, ...log }) => taskEvent.parse({ ...log, at: at.toISOString() })),
    reported: [...performance.values()].filter(({ taskId }) => taskId === id),
  };
}

/** I7: every request and every final response reached a queue, and tells the truth. */
function* checkSent({ id, status }: TaskHistory, { database, broker }: World['servers']) {
  for (const { taskId, type, stage, attempt } of database.tables.logs.values()) {
    if (taskId !== id || type !== 'stage.requested' || stage === null) continue;
    if (COORDINATOR_STAGES.includes(stage)) continue;
    if (!broker.requested.has(`${id}/${stage}/${attempt}`)) {
      yield `I7: attempt ${attempt} of ${stage} never reached its queue`;
    }
  }
  const told = broker.responses.filter(({ taskId }) => taskId === id);
  if (told.length === 0) yield 'I7: its final response was never sent';
  if (told.some((response) => response.status !== status))
    yield 'I3: a response says another status';
}

/** I8: a view that is live is the one that would be made out of the row. */
function* checkView(task: TaskHistory, { cache }: World['servers']) {
  const live = cache.views.get(task.id);
  const truth = toTaskView(toRecord(task, templateOf(task.templateName)));
  if (live && !isDeepStrictEqual(live, truth)) {
    yield `I8: its view is at event ${live.seq}, the task at ${truth.seq}`;
  }
}
