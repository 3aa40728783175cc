import type { IncomingEvent } from '@askflash/dag-templates';
import type { TaskEvent } from '@askflash/contracts';
import { newId } from '@askflash/config';
import { advance, begin, type Advance, type OutboxMessage } from './advance';
import type { EngineEvent } from './engine-event';
import type { TaskRecord } from './task-record';
import type { ReportEvent, TaskTransaction } from './task-transaction';
import { TaskNotFoundError } from '../tasks/errors';

/** One task after a batch, with all that happened to it in the batch. */
export interface ChangedTask {
  readonly task: TaskRecord;
  readonly events: readonly TaskEvent[];
}

/** What a batch came to. */
export interface BatchResult {
  /** One for each event, in its order. */
  readonly outcomes: readonly PromiseSettledResult<Advance>[];
  readonly changed: readonly ChangedTask[];
  readonly messages: readonly OutboxMessage[];
}

/**
 * Applies a batch of events inside one transaction: locks the tasks, applies the reducer event by event, and writes tasks, events,
 * performance and outbox with one statement each. An event that cannot be applied fails alone.
 */
export async function applyBatch(
  transaction: TaskTransaction,
  batch: readonly EngineEvent[],
): Promise<BatchResult> {
  const known = batch.filter(({ type }) => type !== 'create').map(({ taskId }) => taskId);
  const tasks = await transaction.lockTasks([...new Set(known)]);
  const now = await transaction.now();
  const created = new Set<string>();
  const changes = new Map<string, { task: TaskRecord; events: TaskEvent[] }>();
  const messages: OutboxMessage[] = [];
  const outcomes: PromiseSettledResult<Advance>[] = [];

  for (const event of batch) {
    try {
      const result =
        event.type === 'create'
          ? begin(event.task, await transaction.latestTemplate(event.task.templateName), now)
          : advance(taskOf(tasks, event.taskId), toIncoming(event), now);
      outcomes.push({ status: 'fulfilled', value: result });
      if (result.ignored !== undefined) continue;
      if (event.type === 'create') created.add(result.task.id);
      tasks.set(result.task.id, result.task);
      const events = changes.get(result.task.id)?.events ?? [];
      events.push(...result.events);
      changes.set(result.task.id, { task: result.task, events });
      messages.push(...result.messages.map((message) => ({ ...message, id: newId() })));
    } catch (reason) {
      outcomes.push({ status: 'rejected', reason });
    }
  }

  const changed = await writeTasks(transaction, [...changes.values()], created);
  await transaction.insertEvents(changed.flatMap(({ events }) => events));
  await transaction.insertPerformance(appliedReports(batch, outcomes));
  await transaction.insertMessages(messages);
  return { outcomes, changed, messages };
}

async function writeTasks(
  transaction: TaskTransaction,
  changes: readonly ChangedTask[],
  created: ReadonlySet<string>,
): Promise<ChangedTask[]> {
  const tasks = changes.map(({ task }) => task);
  await transaction.insertTasks(tasks.filter(({ id }) => created.has(id)));
  const updatedAt = await transaction.updateTasks(tasks.filter(({ id }) => !created.has(id)));
  return changes.map(({ task, events }) => ({
    task: { ...task, updatedAt: updatedAt.get(task.id) ?? task.updatedAt },
    events,
  }));
}

function appliedReports(
  batch: readonly EngineEvent[],
  outcomes: readonly PromiseSettledResult<Advance>[],
): ReportEvent[] {
  return batch.filter((event, index): event is ReportEvent => {
    const outcome = outcomes[index];
    return (
      'report' in event && outcome?.status === 'fulfilled' && outcome.value.ignored === undefined
    );
  });
}

function taskOf(tasks: ReadonlyMap<string, TaskRecord>, id: string): TaskRecord {
  const task = tasks.get(id);
  if (!task) throw new TaskNotFoundError(id);
  return task;
}

function toIncoming(event: Exclude<EngineEvent, { type: 'create' }>): IncomingEvent {
  switch (event.type) {
    case 'tick':
      return { type: 'tick' };
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
