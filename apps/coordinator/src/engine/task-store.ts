import type { TaskEvent } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import type { Advance, OutboxMessage } from './advance';
import type { EngineEvent } from './engine-event';
import type { TaskRecord } from './task-record';

/** A result that an agent reported, and that moved its task. */
export type AppliedReport = Extract<EngineEvent, { type: 'stage.completed' | 'stage.failed' }> &
  Pick<Advance, 'queueWaitMs'>;

/** What a batch makes of the tasks. */
export interface BatchWrites {
  readonly created: readonly TaskRecord[];
  /** Tasks as they were, and as they are to be. */
  readonly changed: readonly { readonly from: TaskRecord; readonly to: TaskRecord }[];
  readonly events: readonly TaskEvent[];
  readonly reports: readonly AppliedReport[];
  readonly messages: readonly OutboxMessage[];
  /** Ids of messages that the broker has confirmed, to be forgotten. */
  readonly confirmed: readonly string[];
}

/** What of it was written. */
export interface BatchWritten {
  /** Ids of the created tasks that were not there already. */
  readonly created: ReadonlySet<string>;
  /** When each task was changed, by id; one that is missing was changed by somebody else before. */
  readonly changed: ReadonlyMap<string, Date>;
}

/**
 * Where tasks are kept. Nothing is locked: whoever wants to change a task reads it, works out what
 * becomes of it, and writes that only where the task still stands at the event number it was read at.
 */
export interface TaskStore {
  /** The database's clock. */
  now(): Promise<Date>;

  /** Tasks as this process last wrote them, where it remembers them: one may have moved on since. */
  recall(ids: readonly string[]): ReadonlyMap<string, TaskRecord>;

  /** Tasks as they stand; those that do not exist are left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, TaskRecord>>;

  /**
   * The version that new tasks take.
   *
   * @throws {TaskTemplateUnknownError}
   */
  latestTemplate(name: string): Promise<TaskTemplate>;

  /** The task that stands in the way of a new one, having its id or its idempotency key. */
  existing(task: TaskRecord): Promise<TaskRecord | undefined>;

  /** Commits a batch; what belongs to a task that is not written is not written either. */
  write(writes: BatchWrites): Promise<BatchWritten>;

  /** Forgets messages that the broker has confirmed. */
  deleteMessages(ids: readonly string[]): Promise<void>;
}
