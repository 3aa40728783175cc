import type { RedisTasks, StreamItem } from '@askflash/redis-tasks';
import { until } from '@askflash/scenario-kit';
import { ProgressLostError } from '../errors';

const ARRIVAL_TIMEOUT_MS = 5_000;

/** A subscriber of one task's progress, from its beginning on. */
export class ProgressWatcher {
  readonly items: StreamItem[] = [];
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private failure: unknown;

  constructor(
    redisTasks: RedisTasks,
    private readonly taskId: string,
  ) {
    this.watching = this.watch(redisTasks);
  }

  /** Ids of what came, in the order it came; a gap shows as such. */
  get ids(): string[] {
    return this.items.map((item) => (item.kind === 'event' ? item.id : `gap after ${item.after}`));
  }

  /** @throws {ProgressLostError} where the entry does not come in time */
  async sees(id: string): Promise<void> {
    await until(() => this.failure !== undefined || this.ids.includes(id), ARRIVAL_TIMEOUT_MS);
    if (this.ids.includes(id)) return;
    throw new ProgressLostError(`Entry ${id} of task ${this.taskId} did not arrive`, {
      fields: { taskId: this.taskId, id },
      cause: this.failure,
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
  }

  private async watch(redisTasks: RedisTasks): Promise<void> {
    try {
      const { signal } = this.stopping;
      for await (const item of redisTasks.subscribe(this.taskId, { signal })) this.items.push(item);
    } catch (error) {
      this.failure = error;
    }
  }
}
