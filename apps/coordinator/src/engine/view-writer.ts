import { crashPoint } from '@askflash/config';
import type { TaskEvent, TaskView } from '@askflash/contracts';
import type { RedisTasks, TaskTransition } from '@askflash/redis-tasks';
import { Logger } from '@nestjs/common';
import { toTaskView } from './task-record';
import type { ChangedTask } from './batch-writes';

/** The truth about a task's view: what Redis is rebuilt from. */
export type LoadView = (
  taskId: string,
) => Promise<{ readonly view: TaskView; readonly events: readonly TaskEvent[] } | undefined>;

/** Past this many the oldest are forgotten: their views expire by themselves. */
const MAX_STALE_COUNT = 100_000;

/** How many are rebuilt at once: after an outage results wait for it, and so do others for PostgreSQL. */
const REBUILT_AT_ONCE = 8;

/**
 * Keeps the view in Redis in step with PostgreSQL. A view that could not be written, or that Redis
 * lost, is remembered and rebuilt; until then readers see an older state or fall back to PostgreSQL.
 * What is remembered ends with the process: then {@link ViewSweep} finds it.
 */
export class ViewWriter {
  private readonly logger = new Logger(ViewWriter.name);
  private readonly stale = new Set<string>();
  private tail: Promise<void> = Promise.resolve();
  private refreshing: Promise<void> | undefined;

  constructor(
    private readonly redisTasks: Pick<RedisTasks, 'create' | 'transitionMany' | 'rebuild'>,
    private readonly load: LoadView,
  ) {}

  /** Writes what a batch changed; batches keep their order. Never rejects. */
  write(changed: readonly ChangedTask[]): Promise<void> {
    this.tail = this.tail.then(() => this.apply(changed));
    return this.tail;
  }

  /** Notes that a view may be behind, such as after a crash between commit and write. */
  markStale(taskId: string): void {
    this.stale.add(taskId);
    if (this.stale.size > MAX_STALE_COUNT)
      this.stale.delete(this.stale.values().next().value ?? '');
  }

  /**
   * Resolves once the views that are marked by now are rebuilt; where one fails it and those after it
   * stay marked. Never rejects.
   */
  async refresh(): Promise<void> {
    if (this.stale.size > 0) await (this.refreshing ??= this.rebuildStale());
  }

  /** Takes a view to where its task stands; rejects where a store is away. */
  async rebuild(taskId: string): Promise<void> {
    const truth = await this.load(taskId);
    if (truth) await this.redisTasks.rebuild(truth.view, truth.events);
  }

  private async rebuildStale(): Promise<void> {
    let failure: unknown;
    const tryRebuild = (taskId: string) =>
      this.rebuild(taskId).catch((error: unknown) => {
        this.markStale(taskId);
        failure = error;
      });
    while (failure === undefined && this.stale.size > 0) {
      await Promise.all(this.takeStale().map(tryRebuild));
    }
    if (failure !== undefined) {
      this.logger.warn(`${this.stale.size} views wait to be rebuilt: ${failure}`);
    }
    this.refreshing = undefined;
  }

  /** Unmarks some before the truth is read, as they may be marked again meanwhile. */
  private takeStale(): string[] {
    const taken: string[] = [];
    for (const taskId of this.stale) {
      if (taken.length === REBUILT_AT_ONCE) break;
      taken.push(taskId);
    }
    for (const taskId of taken) this.stale.delete(taskId);
    return taken;
  }

  /** Where a view is there already, it may be an older one, of a write that was sent twice. */
  private async create({ view, events }: TaskTransition): Promise<void> {
    const result = await this.redisTasks.create(view, events);
    if (result === 'exists') this.markStale(view.id);
  }

  private async apply(changed: readonly ChangedTask[]): Promise<void> {
    crashPoint('coordinator.before-view');
    const changes = changed.map(({ task, events }) => ({ view: toTaskView(task), events }));
    try {
      const [created, moved] = partition(changes, ({ events }) => events[0]?.seq === 1);
      const [results] = await Promise.all([
        this.redisTasks.transitionMany(moved),
        ...created.map((change) => this.create(change)),
      ]);
      crashPoint('coordinator.after-view');
      results.forEach((result, index) => {
        const id = moved[index]?.view.id;
        if (id !== undefined && (result === 'missing' || result === 'gap')) this.markStale(id);
      });
      if (this.stale.size > 0) await this.refresh();
    } catch (error) {
      this.logger.warn(`Views of ${changed.length} tasks could not be written: ${error}`);
      for (const { view } of changes) this.markStale(view.id);
    }
  }
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}
