import { newId } from '@askflash/config';
import type { TaskEvent } from '@askflash/contracts';
import type { IncomingEvent } from '@askflash/dag-templates';
import { TaskNotFoundError } from '../tasks/errors';
import { advance, type Advance, type Outcome, type OutboxMessage } from './advance';
import { begin, repeat } from './begin';
import type { EngineEvent } from './engine-event';
import { queueWaitMs } from './queue-wait';
import { replaceRepeated } from './repeated-requests';
import type { TaskRecord } from './task-record';
import type { AppliedReport, TaskTransaction } from './task-transaction';
import { traceContextOf } from './trace-context';

/** One task after a batch, with all that happened to it in the batch. */
export interface ChangedTask {
  readonly task: TaskRecord;
  readonly events: readonly TaskEvent[];
}

/** What a batch came to. */
export interface BatchResult {
  /** One for each event, in its order. */
  readonly outcomes: readonly Outcome[];
  readonly changed: readonly ChangedTask[];
  readonly messages: readonly OutboxMessage[];
}

type CreatingEvent = Extract<EngineEvent, { type: 'create' | 'retry' }>;

/**
 * Applies a batch of events inside one transaction: locks the tasks, applies the reducer event by
 * event, and writes tasks, events, performance and outbox with one statement each. An event that
 * cannot be applied fails alone.
 */
export async function applyBatch(
  transaction: TaskTransaction,
  batch: readonly EngineEvent[],
): Promise<BatchResult> {
  const tasks = await transaction.lockTasks([...new Set(batch.flatMap(existingTask))]);
  const reduced = await reduceEach(transaction, batch, tasks);
  const created = reduced.flatMap((outcome, index) =>
    outcome.status === 'fulfilled' && isCreating(batch[index]) ? [outcome.value.task] : [],
  );
  const inserted = await transaction.insertTasks(created);
  const outcomes = await replaceRepeated(transaction, reduced, created, inserted);
  const applied = outcomes.flatMap((outcome) => appliedOf(outcome) ?? []);
  const changed = await writeBack(transaction, byTask(applied), inserted);
  const messages = outgoing(batch, outcomes);
  await transaction.insertEvents(changed.flatMap(({ events }) => events));
  await transaction.insertPerformance(appliedReports(batch, outcomes));
  await transaction.insertMessages(messages);
  return { outcomes: asWritten(outcomes, changed), changed, messages };
}

/** Applies events one after another; what one made of a task is what the next one meets. */
async function reduceEach(
  transaction: TaskTransaction,
  batch: readonly EngineEvent[],
  tasks: Map<string, TaskRecord>,
): Promise<Outcome[]> {
  const now = await transaction.now();
  const outcomes: Outcome[] = [];
  for (const event of batch) {
    try {
      const value = await reduceOne(transaction, event, tasks, now);
      outcomes.push({ status: 'fulfilled', value });
      if (!isCreating(event)) tasks.set(value.task.id, value.task);
    } catch (reason) {
      outcomes.push({ status: 'rejected', reason });
    }
  }
  return outcomes;
}

async function reduceOne(
  transaction: TaskTransaction,
  event: EngineEvent,
  tasks: ReadonlyMap<string, TaskRecord>,
  now: Date,
): Promise<Advance> {
  switch (event.type) {
    case 'create':
      return begin(event.task, await transaction.latestTemplate(event.task.templateName), now);
    case 'retry':
      return repeat(taskOf(tasks, event.of), event, now);
    default: {
      const task = taskOf(tasks, event.taskId);
      const advanced = advance(task, toIncoming(event), now);
      if (!('report' in event)) return advanced;
      return { ...advanced, queueWaitMs: queueWaitMs(task.state, event.report, now) };
    }
  }
}

function byTask(applied: readonly Advance[]): ChangedTask[] {
  const changes = new Map<string, ChangedTask>();
  for (const { task, events } of applied) {
    const earlier = changes.get(task.id)?.events ?? [];
    changes.set(task.id, { task, events: [...earlier, ...events] });
  }
  return [...changes.values()];
}

async function writeBack(
  transaction: TaskTransaction,
  changes: readonly ChangedTask[],
  inserted: ReadonlySet<string>,
): Promise<ChangedTask[]> {
  const updated = changes.map(({ task }) => task).filter(({ id }) => !inserted.has(id));
  const updatedAt = await transaction.updateTasks(updated);
  return changes.map(({ task, events }) => ({
    task: { ...task, updatedAt: updatedAt.get(task.id) ?? task.updatedAt },
    events,
  }));
}

/** Outcomes with their tasks as they stand after the batch. */
function asWritten(outcomes: readonly Outcome[], changed: readonly ChangedTask[]): Outcome[] {
  const written = new Map(changed.map(({ task }) => [task.id, task]));
  return outcomes.map((outcome): Outcome => {
    if (outcome.status === 'rejected') return outcome;
    const task = written.get(outcome.value.task.id) ?? outcome.value.task;
    return { status: 'fulfilled', value: { ...outcome.value, task } };
  });
}

/** What a batch has to send, each message under the trace context of the event it follows from. */
function outgoing(batch: readonly EngineEvent[], outcomes: readonly Outcome[]): OutboxMessage[] {
  return batch.flatMap((event, index) => {
    const applied = appliedOf(outcomes[index]);
    if (!applied) return [];
    const traceparent = traceContextOf(event, applied.task);
    return applied.messages.map((message) => ({ ...message, id: newId(), traceparent }));
  });
}

function appliedReports(
  batch: readonly EngineEvent[],
  outcomes: readonly Outcome[],
): AppliedReport[] {
  return batch.flatMap((event, index) => {
    const applied = appliedOf(outcomes[index]);
    return applied && 'report' in event ? [{ ...event, queueWaitMs: applied.queueWaitMs }] : [];
  });
}

function appliedOf(outcome: Outcome | undefined): Advance | undefined {
  if (outcome?.status !== 'fulfilled' || outcome.value.ignored !== undefined) return undefined;
  return outcome.value;
}

function isCreating(event: EngineEvent | undefined): event is CreatingEvent {
  return event?.type === 'create' || event?.type === 'retry';
}

/** Id of the task that has to be there for an event. */
function existingTask(event: EngineEvent): string[] {
  if (event.type === 'create') return [];
  return [event.type === 'retry' ? event.of : event.taskId];
}

function taskOf(tasks: ReadonlyMap<string, TaskRecord>, id: string): TaskRecord {
  const task = tasks.get(id);
  if (!task) throw new TaskNotFoundError(id);
  return task;
}

function toIncoming(event: Exclude<EngineEvent, CreatingEvent>): IncomingEvent {
  switch (event.type) {
    case 'tick':
      return { type: 'tick' };
    case 'abort':
      return { type: 'abort', reason: event.reason };
    case 'stage.unsendable': {
      const { stage, attempt, error } = event;
      return { type: 'stage.failed', stage, attempt, error: { ...error, retryable: false } };
    }
    case 'stage.completed': {
      const { stage, attempt, output } = event.report;
      return { type: 'stage.completed', stage, attempt, output };
    }
    case 'stage.failed': {
      const { stage, attempt, error } = event.report;
      return { type: 'stage.failed', stage, attempt, error };
    }
  }
}
