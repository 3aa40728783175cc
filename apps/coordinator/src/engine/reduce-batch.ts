import type { IncomingEvent, TaskTemplate } from '@askflash/dag-templates';
import { TaskNotFoundError } from '../tasks/errors';
import { advance, type Advance, type Outcome } from './advance';
import { begin, repeat } from './begin';
import { isTransient } from './database-errors';
import type { CreatingEvent, EngineEvent } from './engine-event';
import { isCreating } from './engine-event';
import { queueWaitMs } from './queue-wait';
import type { TaskRecord } from './task-record';
import type { TaskStore } from './task-store';

/**
 * Applies events one after another; what one made of a task is what the next one meets. A retry alone
 * meets its task as it is committed: an end that is yet to be written may never be.
 */
export async function reduceEach(
  store: Pick<TaskStore, 'now' | 'latestTemplate'>,
  batch: readonly EngineEvent[],
  committed: ReadonlyMap<string, TaskRecord>,
): Promise<Outcome[]> {
  const now = await store.now();
  const latest = new LatestTemplates(store);
  const tasks = new Map(committed);
  const outcomes: Outcome[] = [];
  for (const event of batch) {
    try {
      const from = event.type === 'retry' ? committed : tasks;
      const value = await reduceOne(latest, event, from, now);
      outcomes.push({ status: 'fulfilled', value });
      if (!isCreating(event)) tasks.set(value.task.id, value.task);
    } catch (reason) {
      // Nobody is to blame where PostgreSQL was not there: the whole batch is tried again.
      if (isTransient(reason)) throw reason;
      outcomes.push({ status: 'rejected', reason });
    }
  }
  return outcomes;
}

async function reduceOne(
  latest: LatestTemplates,
  event: EngineEvent,
  tasks: ReadonlyMap<string, TaskRecord>,
  now: Date,
): Promise<Advance> {
  switch (event.type) {
    case 'create':
      return begin(event.task, await latest.get(event.task.templateName), now);
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

/** The version that new tasks take, the same for a whole batch. */
class LatestTemplates {
  private readonly found = new Map<string, Promise<TaskTemplate>>();

  constructor(private readonly store: Pick<TaskStore, 'latestTemplate'>) {}

  /** @throws {TaskTemplateUnknownError} */
  get(name: string): Promise<TaskTemplate> {
    const found = this.found.get(name) ?? this.store.latestTemplate(name);
    this.found.set(name, found);
    return found;
  }
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
