import {
  COORDINATOR_STAGES,
  isTerminal,
  taskEvent,
  type TaskEvent,
  type TaskView,
} from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import { checkTask } from '@askflash/testing';
import type { TaskHistory } from '@askflash/typeorm-entities';
import { isDeepStrictEqual } from 'node:util';
import { toTaskView } from '../src/engine/task-record';
import { toRecord } from '../src/engine/task-rows';
import { requestKey } from './broker';
import type { World } from './world';

/** A task as it is stored. */
interface StoredTask {
  readonly row: TaskHistory;
  readonly template: TaskTemplate;
  readonly events: readonly TaskEvent[];
  /** What clients should see of it. */
  readonly truth: TaskView;
}

/** What of I1–I8 does not hold of a run that has come to its end, in words. */
export function findViolations(world: World): string[] {
  const { servers, unheeded } = world;
  const tasks = [...servers.database.tables.tasks.values()].map((row) => readTask(row, world));
  return [
    ...tasks.flatMap((task) => [
      ...checkTask(factsOf(task, servers)).map(({ invariant, what }) => `${invariant}: ${what}`),
      ...checkTimes(task),
      ...checkSent(task, servers),
      ...checkView(task, servers),
    ]),
    ...checkClients(world),
    ...checkDeadLetters(servers),
    ...servers.broker.premature.map((what) => `I3: ${what} was sent and not committed`),
    ...unheeded.map((what) => `I7: ${what} was acknowledged and not heeded`),
  ];
}

function readTask(row: TaskHistory, { servers, templates }: World): StoredTask {
  const template = templates.find(({ name }) => name === row.templateName);
  if (!template) throw new Error(`No template ${row.templateName}`);
  const logs = [...servers.database.tables.logs.values()].filter(({ taskId }) => taskId === row.id);
  const events = logs
    .sort((one, other) => one.seq - other.seq)
    .map(({ at, ...log }) => taskEvent.parse({ ...log, at: at.toISOString() }));
  return { row, template, events, truth: toTaskView(toRecord(row, template)) };
}

function factsOf({ row, template, events }: StoredTask, { database }: World['servers']) {
  const { id, status, eventSeq } = row;
  const performance = [...database.tables.performance.values()];
  const reported = performance.filter(({ taskId }) => taskId === id);
  return { id, status, eventSeq, template, events, reported };
}

/** I1: what has ended has ended in time, wants no look any more, and says when it was. */
function* checkTimes({ row }: StoredTask) {
  const { status, finishedAt, deadlineAt, wakeAt } = row;
  if (isTerminal(status) !== (finishedAt !== null)) yield `I1: ${status}, ended at ${finishedAt}`;
  if (isTerminal(status) !== (wakeAt === null)) yield `I1: ${status}, due at ${wakeAt}`;
  if (status === 'complete' && deadlineAt && finishedAt && finishedAt > deadlineAt) {
    yield `I1: it completed at ${finishedAt.toISOString()}, due by ${deadlineAt.toISOString()}`;
  }
}

/** I7: every request and every final response reached a queue, and tells the truth. */
function* checkSent({ events, truth }: StoredTask, { broker }: World['servers']) {
  const { id, status } = truth;
  for (const { type, stage, attempt } of events) {
    if (type !== 'stage.requested' || stage === null || COORDINATOR_STAGES.includes(stage))
      continue;
    const key = requestKey({ taskId: id, stage, attempt });
    if (!broker.requested.has(key) && !broker.tooLarge.has(key)) {
      yield `I7: attempt ${attempt} of ${stage} never reached its queue`;
    }
  }
  const told = broker.responses.filter(({ taskId }) => taskId === id);
  if (told.length === 0 && !broker.tooLarge.has(id)) yield 'I7: its final response was never sent';
  for (const response of told) {
    if (response.status !== status) yield `I3: a response says ${response.status}`;
    if (!isDeepStrictEqual(response.result, truth.result))
      yield 'I3: a response has another result';
    if (!isDeepStrictEqual(response.error, truth.error)) yield 'I3: a response has another error';
  }
}

/** I8: a view that is live is the one that would be made out of the row, and so are its events. */
function* checkView({ events, truth }: StoredTask, { cache }: World['servers']) {
  const live = cache.views.get(truth.id);
  if (!live) return;
  if (!isDeepStrictEqual(live.view, truth)) {
    yield `I8: its view is at event ${live.view.seq}, the task at ${truth.seq}`;
  }
  if (!isDeepStrictEqual(live.events, events)) yield 'I8: its stream tells other events';
}

/** I3: each client got what it asked for, once. */
function* checkClients({ clients, servers }: World) {
  const { tasks } = servers.database.tables;
  for (const { accepted, asked, repeats, unforeseen } of clients) {
    yield* unforeseen;
    const told = [...accepted, ...repeats];
    if (accepted.size !== 1 || repeats.size > 1) yield `I3: ${told.length} tasks were made`;
    if (told.some((id) => !tasks.has(id))) yield 'I1: a task that was accepted is gone';
    const made = [...asked].filter((id) => tasks.has(id));
    if (made.length !== told.length) yield `I3: ${made.length} tasks, ${told.length} told of`;
  }
}

/** I6: only what no task can heed is given up at once, and that always. */
function* checkDeadLetters({ database, broker }: World['servers']) {
  const { tasks } = database.tables;
  for (const { message, reason } of broker.reports.deadLetters) {
    const isKnown = tasks.has(message.payload.taskId);
    if (isKnown && reason !== 'delivery_limit') yield `I6: a report is dead: ${reason}`;
  }
  for (const { taskId } of broker.acknowledged) {
    if (!tasks.has(taskId)) yield 'I6: a report of no task was acknowledged';
  }
}
