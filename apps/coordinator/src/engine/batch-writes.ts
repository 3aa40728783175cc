import { newId } from '@askflash/config';
import type { TaskEvent } from '@askflash/contracts';
import type { Advance, Outcome, OutboxMessage } from './advance';
import { isCreating, type EngineEvent } from './engine-event';
import type { TaskRecord } from './task-record';
import type { AppliedReport, BatchWrites, BatchWritten } from './task-store';
import { traceContextOf } from './trace-context';

/** One task after a batch, with all that happened to it in the batch. */
export interface ChangedTask {
  readonly task: TaskRecord;
  readonly events: readonly TaskEvent[];
}

/**
 * All that a batch has to write.
 *
 * @param before the tasks that its events are applied to
 */
export function toWrites(
  batch: readonly EngineEvent[],
  outcomes: readonly Outcome[],
  before: ReadonlyMap<string, TaskRecord>,
): Omit<BatchWrites, 'confirmed'> {
  const applied = outcomes.map(appliedOf);
  const last = new Map(applied.flatMap((one) => (one ? [[one.task.id, one.task]] : [])));
  return {
    created: applied.flatMap((one, index) => (one && isCreating(batch[index]) ? [one.task] : [])),
    changed: [...last.values()].flatMap((to) => {
      const from = before.get(to.id);
      return from ? [{ from, to }] : [];
    }),
    events: applied.flatMap((one) => one?.events ?? []),
    reports: batch.flatMap((event, index) => reportOf(event, applied[index])),
    messages: batch.flatMap((event, index) => messagesOf(event, applied[index])),
  };
}

/** The tasks that were written, and the messages they owe; of a task that was not there is none. */
export function writtenOf(
  { created, changed, events, messages }: Omit<BatchWrites, 'confirmed'>,
  written: BatchWritten,
): { readonly changed: ChangedTask[]; readonly messages: OutboxMessage[] } {
  const tasks = new Map<string, TaskRecord>();
  for (const task of created) if (written.created.has(task.id)) tasks.set(task.id, task);
  for (const { to } of changed) {
    const updatedAt = written.changed.get(to.id);
    if (updatedAt) tasks.set(to.id, { ...to, updatedAt });
  }
  const eventsOf = groupByTask(events);
  return {
    changed: [...tasks.values()].map((task) => ({ task, events: eventsOf.get(task.id) ?? [] })),
    messages: messages.filter(({ payload }) => tasks.has(payload.taskId)),
  };
}

/** What an event made of its task; undefined where it changed nothing. */
function appliedOf(outcome: Outcome): Advance | undefined {
  if (outcome.status !== 'fulfilled' || outcome.value.ignored !== undefined) return undefined;
  return outcome.value;
}

/** One that only met its task overdue, and so ended it, was not heeded: nobody may have asked for it. */
function reportOf(event: EngineEvent, applied: Advance | undefined): AppliedReport[] {
  if (!applied || !('report' in event)) return [];
  const { stage, attempt } = event.report;
  const isHeeded = applied.events.some((one) => one.stage === stage && one.attempt === attempt);
  return isHeeded ? [{ ...event, queueWaitMs: applied.queueWaitMs }] : [];
}

/** Each message goes out under the trace context of the event it follows from. */
function messagesOf(event: EngineEvent, applied: Advance | undefined): OutboxMessage[] {
  if (!applied) return [];
  const traceparent = traceContextOf(event, applied.task);
  return applied.messages.map((message) => ({ ...message, id: newId(), traceparent }));
}

function groupByTask(events: readonly TaskEvent[]): Map<string, TaskEvent[]> {
  const groups = new Map<string, TaskEvent[]>();
  for (const event of events) {
    const group = groups.get(event.taskId);
    if (group) group.push(event);
    else groups.set(event.taskId, [event]);
  }
  return groups;
}
