import type { TaskEvent, TaskView } from '@askflash/contracts';
import {
  RedisTasks,
  RedisUnavailableError,
  TaskEventsInvalidError,
  type CreateResult,
  type RebuildResult,
  type RedisStatus,
  type TaskTransition,
  type TransitionResult,
} from '@askflash/redis-tasks';
import { Redis } from 'ioredis';
import type { Operations, Process } from './operations';

/** A view, and the durable events of its stream. */
export interface LiveTask {
  readonly view: TaskView;
  readonly events: readonly TaskEvent[];
}

/** Redis: the views that are live, any of which may vanish at any time. */
export class Cache {
  views = new Map<string, LiveTask>();
  /** What a crash of Redis leaves. */
  private saved = new Map<string, LiveTask>();
  /** How often it has crashed. */
  epoch = 0;

  /** Whether it took an older view than it had confirmed and lost: only a sweep finds that. */
  wasSetBack = false;
  private readonly newest = new Map<string, number>();

  put(live: LiveTask): void {
    const { id, seq } = live.view;
    const newest = this.newest.get(id) ?? 0;
    if (seq < newest) this.wasSetBack = true;
    this.newest.set(id, Math.max(seq, newest));
    this.views.set(id, live);
  }

  save(): void {
    this.saved = new Map(this.views);
  }

  /** Comes back with what it had when it was last saved. */
  crash(): void {
    this.views = new Map(this.saved);
    this.epoch += 1;
  }
}

/** The live views as one process reaches them. */
export class SimulatedRedisTasks extends RedisTasks {
  constructor(
    private readonly process: Process,
    private readonly cache: Cache,
    private readonly operations: Operations,
  ) {
    super(NEVER_CONNECTED);
  }

  override get epoch(): number {
    return this.cache.epoch;
  }

  override status(): RedisStatus {
    return 'ready';
  }

  override behind(tasks: readonly Pick<TaskView, 'id' | 'seq'>[]): Promise<string[]> {
    return this.ask(() =>
      tasks.flatMap(({ id, seq }) => {
        const live = this.cache.views.get(id);
        return live && live.view.seq < seq ? [id] : [];
      }),
    );
  }

  override create(view: TaskView, events: readonly TaskEvent[]): Promise<CreateResult> {
    return this.write({ view, events }, (live) => {
      if (live) return 'exists';
      this.cache.put({ view, events });
      return 'created';
    });
  }

  override transition(view: TaskView, events: readonly TaskEvent[]): Promise<TransitionResult> {
    return this.write({ view, events }, (live) => {
      if (!live) return 'missing';
      const { seq } = live.view;
      if (seq >= view.seq) return 'stale';
      if (seq < view.seq - events.length) return 'gap';
      const missing = events.filter((event) => event.seq > seq);
      this.cache.put({ view, events: [...live.events, ...missing] });
      return 'applied';
    });
  }

  override transitionMany(transitions: readonly TaskTransition[]): Promise<TransitionResult[]> {
    return Promise.all(transitions.map(({ view, events }) => this.transition(view, events)));
  }

  override rebuild(view: TaskView, events: readonly TaskEvent[]): Promise<RebuildResult> {
    return this.write({ view, events }, (live) => {
      if (live && live.view.seq > view.seq) return 'stale';
      this.cache.put({ view, events });
      return 'rebuilt';
    });
  }

  private async write<Result>(
    { view, events }: LiveTask,
    script: (live: LiveTask | undefined) => Result,
  ): Promise<Result> {
    const first = view.seq - events.length + 1;
    if (first < 1 || events.some(({ seq }, index) => seq !== first + index)) {
      throw new TaskEventsInvalidError(`These events do not lead to number ${view.seq}`);
    }
    return this.ask(() => script(this.cache.views.get(view.id)));
  }

  private ask<Result>(effect: () => Result): Promise<Result> {
    const { process, operations } = this;
    const lost = () => new RedisUnavailableError('no answer');
    return operations.ask({ process, effect, lost });
  }
}

const NEVER_CONNECTED = new Redis({ lazyConnect: true });
NEVER_CONNECTED.setMaxListeners(0);
