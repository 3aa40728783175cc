import { newId } from '@askflash/config';
import type { TaskView } from '@askflash/contracts';
import { RedisUnavailableError, type RedisTasks } from '@askflash/redis-tasks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine/engine';
import type { TaskReader } from '../engine/task-reader';
import type { CreateTask } from './dto';
import { CoordinatorBusyError, TaskNotFoundError } from './errors';
import type { FeedItem, TaskFeed } from './task-feed';

/** Tasks that may wait to be accepted before others are turned away. */
const MAX_WAITING_COUNT = 5_000;

/** How long a client waits for its task to be accepted. */
const ACCEPT_TIMEOUT_MS = 5_000;

/** What clients can do with tasks. */
export class TasksService {
  constructor(
    private readonly engine: Engine,
    private readonly reader: TaskReader,
    private readonly redisTasks: RedisTasks,
    private readonly feed: TaskFeed,
  ) {}

  /**
   * Accepts a task: resolves once its row is committed.
   *
   * @throws {TemplateNotFoundError}
   * @throws {CoordinatorBusyError} too many wait, or PostgreSQL did not take it in time; whether it
   *   will still be accepted is then unknown
   */
  async create({ template, ...request }: CreateTask): Promise<TaskView> {
    if (this.engine.waitingCount >= MAX_WAITING_COUNT) {
      throw new CoordinatorBusyError(`${this.engine.waitingCount} events wait already`);
    }
    const id = newId();
    const task = { ...request, id, templateName: template, deadlineMs: request.deadlineMs };
    const accepted = this.engine.apply({ type: 'create', taskId: id, task });
    const late = new AbortController();
    const timeout = delay(ACCEPT_TIMEOUT_MS, undefined, { signal: late.signal }).then(() => {
      throw new CoordinatorBusyError(`The task was not accepted within ${ACCEPT_TIMEOUT_MS} ms`);
    });
    timeout.catch(() => undefined);
    try {
      const outcome = await Promise.race([accepted, timeout]);
      if (outcome.type === 'applied') return outcome.view;
      throw new CoordinatorBusyError(`The task was not accepted: ${outcome.reason}`);
    } finally {
      accepted.catch(() => undefined);
      late.abort();
    }
  }

  /**
   * The task as it stands: out of Redis, else out of PostgreSQL.
   *
   * @throws {TaskNotFoundError}
   */
  async read(taskId: string): Promise<TaskView> {
    const live = await this.readLive(taskId);
    if (live.found) return live.view;
    const truth = await this.reader.snapshot(taskId);
    if (!truth) throw new TaskNotFoundError(taskId);
    if (live.reachable) await this.redisTasks.rebuild(truth.view, truth.events);
    return truth.view;
  }

  /**
   * The task's events, from after `after` to its end.
   *
   * @throws {TaskNotFoundError} at once, before the first event
   */
  async events(
    taskId: string,
    options: { readonly after?: string | undefined; readonly signal: AbortSignal },
  ): Promise<AsyncGenerator<FeedItem>> {
    await this.read(taskId);
    return this.feed.follow(taskId, options);
  }

  private async readLive(taskId: string) {
    try {
      return { reachable: true, ...(await this.redisTasks.read(taskId)) };
    } catch (error) {
      if (error instanceof RedisUnavailableError)
        return { reachable: false, found: false } as const;
      throw error;
    }
  }
}
