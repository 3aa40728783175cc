import { isTerminal } from '@askflash/contracts';
import type { TaskTemplate } from '@askflash/dag-templates';
import type { TaskRecord } from '../src/engine/task-record';
import type { BatchWrites, BatchWritten, TaskStore } from '../src/engine/task-store';
import { defaultTemplate } from './task-in-memory';

/** One coordinator's store without a server: several may share the tasks, and remember their own. */
export class TaskStoreInMemory implements TaskStore {
  /** Ids of each read, in order. */
  readonly reads: (readonly string[])[] = [];
  /** What was committed, in order. */
  readonly writes: BatchWrites[] = [];
  /** The database's clock. */
  time = new Date(Date.UTC(2026, 0, 1));
  private readonly memory = new Map<string, TaskRecord>();
  private meanwhile: (() => Promise<unknown>) | undefined;

  constructor(readonly tasks: Map<string, TaskRecord> = new Map<string, TaskRecord>()) {}

  /** Has somebody do something between the next read and the write that follows it. */
  beforeNextWrite(something: () => Promise<unknown>): void {
    this.meanwhile = something;
  }

  async now(): Promise<Date> {
    return this.time;
  }

  recall(ids: readonly string[]): ReadonlyMap<string, TaskRecord> {
    return pick(this.memory, ids);
  }

  async read(ids: readonly string[]): Promise<ReadonlyMap<string, TaskRecord>> {
    if (ids.length > 0) this.reads.push(ids);
    return pick(this.tasks, ids);
  }

  async latestTemplate(name: string): Promise<TaskTemplate> {
    return defaultTemplate(name);
  }

  async existing({ id, userId, idempotencyKey }: TaskRecord): Promise<TaskRecord | undefined> {
    const all = [...this.tasks.values()];
    return idempotencyKey === null
      ? this.tasks.get(id)
      : all.find((one) => one.userId === userId && one.idempotencyKey === idempotencyKey);
  }

  async write(writes: BatchWrites): Promise<BatchWritten> {
    const { meanwhile } = this;
    this.meanwhile = undefined;
    await meanwhile?.();
    const created = new Set<string>();
    const changed = new Map<string, Date>();
    for (const task of writes.created) {
      if (this.tasks.has(task.id) || (await this.existing(task))) continue;
      created.add(task.id);
      this.keep(task);
    }
    for (const { from, to } of writes.changed) {
      if (this.tasks.get(to.id)?.state.seq !== from.state.seq) {
        this.memory.delete(to.id);
        continue;
      }
      changed.set(to.id, this.time);
      this.keep({ ...to, updatedAt: this.time });
    }
    this.writes.push(writes);
    return { created, changed };
  }

  async deleteMessages(): Promise<void> {
    // Messages are not kept here.
  }

  private keep(task: TaskRecord): void {
    this.tasks.set(task.id, task);
    if (isTerminal(task.state.status)) this.memory.delete(task.id);
    else this.memory.set(task.id, task);
  }
}

function pick(
  tasks: ReadonlyMap<string, TaskRecord>,
  ids: readonly string[],
): ReadonlyMap<string, TaskRecord> {
  return new Map(
    ids.flatMap((id) => {
      const task = tasks.get(id);
      return task ? [[id, task]] : [];
    }),
  );
}
