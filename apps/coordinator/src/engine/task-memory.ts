import type { TaskRecord } from './task-record';

/** What is remembered at most, in bytes of the states' JSON. */
const CAPACITY_BYTES = 64 * 1024 * 1024;

interface Remembered {
  readonly task: TaskRecord;
  readonly bytes: number;
}

/**
 * The running tasks that this process wrote last, so that the next result of one finds it without a
 * read. Bounded: past its capacity the one that was written longest ago is forgotten.
 */
export class TaskMemory {
  private readonly tasks = new Map<string, Remembered>();
  private bytes = 0;

  constructor(private readonly capacityBytes = CAPACITY_BYTES) {}

  get(id: string): TaskRecord | undefined {
    return this.tasks.get(id)?.task;
  }

  /** @param bytes how large its state is */
  keep(task: TaskRecord, bytes: number): void {
    this.forget(task.id);
    this.tasks.set(task.id, { task, bytes });
    this.bytes += bytes;
    for (const id of this.tasks.keys()) {
      if (this.bytes <= this.capacityBytes) return;
      this.forget(id);
    }
  }

  forget(id: string): void {
    this.bytes -= this.tasks.get(id)?.bytes ?? 0;
    this.tasks.delete(id);
  }
}
