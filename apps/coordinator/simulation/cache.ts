import type { TaskEvent, TaskView } from '@askflash/contracts';
import {
  RedisTasks,
  RedisUnavailableError,
  type CreateResult,
  type RebuildResult,
  type RedisStatus,
  type TaskTransition,
  type TransitionResult,
} from '@askflash/redis-tasks';
import { Redis } from 'ioredis';
import type { Operations, Process } from './operations';

/** Redis: the views that are live, any of which may vanish at any time. */
export class Cache {
  views = new Map<string, TaskView>();
  /** What a crash of Redis leaves. */
  private saved = new Map<string, TaskView>();
  /** How often it has crashed. */
  epoch = 0;

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
        return live && live.seq < seq ? [id] : [];
      }),
    );
  }

  override create(view: TaskView): Promise<CreateResult> {
    return this.ask(() => {
      if (this.cache.views.has(view.id)) return 'exists';
      this.cache.views.set(view.id, view);
      return 'created';
    });
  }

  override transition(view: TaskView, events: readonly TaskEvent[]): Promise<TransitionResult> {
    return this.ask(() => {
      const live = this.cache.views.get(view.id);
      if (!live) return 'missing';
      if (live.seq >= view.seq) return 'stale';
      if (live.seq < view.seq - events.length) return 'gap';
      this.cache.views.set(view.id, view);
      return 'applied';
    });
  }

  override transitionMany(transitions: readonly TaskTransition[]): Promise<TransitionResult[]> {
    return Promise.all(transitions.map(({ view, events }) => this.transition(view, events)));
  }

  override rebuild(view: TaskView): Promise<RebuildResult> {
    return this.ask(() => {
      const live = this.cache.views.get(view.id);
      if (live && live.seq > view.seq) return 'stale';
      this.cache.views.set(view.id, view);
      return 'rebuilt';
    });
  }

  private ask<Result>(effect: () => Result): Promise<Result> {
    const { process, operations } = this;
    const lost = () => new RedisUnavailableError('no answer');
    return operations.ask({ process, effect, lost });
  }
}

const NEVER_CONNECTED = new Redis({ lazyConnect: true });
NEVER_CONNECTED.setMaxListeners(0);
