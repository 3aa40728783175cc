import { newId } from '@askflash/config';
import { isTerminal, type JsonObject, type TaskView } from '@askflash/contracts';
import { RedisUnavailableError, type RedisTasks, type TaskTransition } from '@askflash/redis-tasks';
import { within } from '@askflash/service-kit';
import { jsonChecksum } from '@askflash/typeorm-entities';
import type { Admission } from '../engine/admission';
import type { Engine } from '../engine/engine';
import type { EngineEvent, EngineOutcome, Idempotency } from '../engine/engine-event';
import type { TaskReader } from '../engine/task-reader';
import type { CreateTask, ListTasks, TaskPage } from './dto';
import { CoordinatorBusyError, TaskEndedError, TaskNotFoundError } from './errors';
import type { FeedItem, TaskFeed } from './task-feed';
import { toSummary } from './to-summary';

/** How long a client waits for its request to be committed. */
const COMMIT_TIMEOUT_MS = 5_000;

/** A task that a request made, or had made before. */
export interface Accepted {
  readonly task: TaskView;
  /** Whether an earlier request with the same idempotency key made it. */
  readonly replayed: boolean;
}

/** What a request that makes a task comes with. */
export interface RequestContext {
  /** Idempotency key. */
  readonly key?: string | undefined;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** What the service works with. */
export interface TasksServiceParts {
  readonly engine: Engine;
  readonly admission: Admission;
  readonly reader: TaskReader;
  readonly redisTasks: RedisTasks;
  readonly feed: TaskFeed;
}

/** What clients can do with tasks. */
export class TasksService {
  constructor(private readonly parts: TasksServiceParts) {}

  /**
   * Accepts a task: resolves once its row is committed. With an idempotency key, the same request of
   * the same user gets the same task, as it stands by now.
   *
   * @throws {TaskTemplateUnknownError}
   * @throws {IdempotencyKeyReusedError}
   * @throws {CoordinatorBusyError} too much waits, or PostgreSQL did not take it in time; whether it
   *   will still be accepted is then unknown
   */
  async create(request: CreateTask, { key, traceparent }: RequestContext = {}): Promise<Accepted> {
    this.parts.admission.check();
    const { template, deadlineMs, ...rest } = request;
    const id = newId();
    const idempotency = idempotencyOf(key, toJsonObject(request));
    const task = { ...rest, id, templateName: template, deadlineMs, idempotency, traceparent };
    return toAccepted(await this.apply({ type: 'create', taskId: id, task }));
  }

  /**
   * Accepts a task that repeats one that has ended, from a stage on, under the same version of the
   * template. The one repeated stays as it is.
   *
   * @throws {TaskNotFoundError} {TaskNotEndedError} {RetryStageInvalidError}
   * @throws {IdempotencyKeyReusedError}
   * @throws {CoordinatorBusyError} as for `create`
   */
  async retry(
    of: string,
    from?: string,
    { key, traceparent }: RequestContext = {},
  ): Promise<Accepted> {
    this.parts.admission.check();
    const idempotency = idempotencyOf(key, { retryOf: of, fromStage: from ?? null });
    const event = { type: 'retry', taskId: newId(), of, from, idempotency, traceparent } as const;
    return toAccepted(await this.apply(event));
  }

  /**
   * Ends a task as aborted; one that is aborted already stays so.
   *
   * @throws {TaskNotFoundError}
   * @throws {TaskEndedError} it is complete or failed
   * @throws {CoordinatorBusyError} PostgreSQL did not take it in time
   */
  async abort(taskId: string, reason: string): Promise<TaskView> {
    const { view } = await this.apply({ type: 'abort', taskId, reason });
    if (view.status !== 'aborted') throw new TaskEndedError(taskId, view.status);
    return view;
  }

  /** Tasks newest first, a page at a time. */
  async list({ cursor, template, ...filter }: ListTasks): Promise<TaskPage> {
    const { tasks, hasMore } = await this.parts.reader.list({
      ...filter,
      templateName: template,
      before: cursor,
    });
    return { tasks: tasks.map(toSummary), next: hasMore ? (tasks.at(-1)?.id ?? null) : null };
  }

  /**
   * The task as it stands: out of Redis, else out of PostgreSQL.
   *
   * @throws {TaskNotFoundError}
   */
  async read(taskId: string): Promise<TaskView> {
    const live = await this.readLive(taskId);
    if (live.found) return live.view;
    const truth = await this.parts.reader.snapshot(taskId);
    if (!truth) throw new TaskNotFoundError(taskId);
    if (live.reachable) await this.rebuild(truth);
    return truth.view;
  }

  /**
   * The feed of a task's events, from after `after` to the task's end; undefined where the reader
   * has seen that already.
   *
   * @throws {TaskNotFoundError}
   */
  async events(
    taskId: string,
    after?: string,
  ): Promise<((signal: AbortSignal) => AsyncIterable<FeedItem>) | undefined> {
    const { status, seq } = await this.read(taskId);
    if (isTerminal(status) && after !== undefined && Number.parseInt(after) >= seq)
      return undefined;
    return (signal) => this.parts.feed.follow(taskId, { after, signal });
  }

  private async rebuild({ view, events }: TaskTransition): Promise<void> {
    try {
      await this.parts.redisTasks.rebuild(view, events);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
    }
  }

  private async readLive(taskId: string) {
    try {
      return { reachable: true, ...(await this.parts.redisTasks.read(taskId)) };
    } catch (error) {
      if (error instanceof RedisUnavailableError)
        return { reachable: false, found: false } as const;
      throw error;
    }
  }

  /** What is not committed in time may be committed later. */
  private apply(event: EngineEvent): Promise<EngineOutcome> {
    return within(COMMIT_TIMEOUT_MS, this.parts.engine.apply(event), () => {
      throw new CoordinatorBusyError(
        `PostgreSQL did not take the request within ${COMMIT_TIMEOUT_MS} ms`,
        5,
      );
    });
  }
}

function toAccepted({ type, view }: EngineOutcome): Accepted {
  return { task: view, replayed: type === 'ignored' };
}

function idempotencyOf(key: string | undefined, request: JsonObject): Idempotency | undefined {
  return key === undefined ? undefined : { key, requestHash: jsonChecksum(request) };
}

function toJsonObject(request: CreateTask): JsonObject {
  return { ...request, deadlineMs: request.deadlineMs ?? null };
}
