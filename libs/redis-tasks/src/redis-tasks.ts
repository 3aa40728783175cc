import {
  isTerminal,
  taskView,
  type ProgressEvent,
  type TaskEvent,
  type TaskView,
} from '@askflash/contracts';
import { TaskEventsInvalidError } from './errors';
import { checkEvents } from './events-of-view';
import { TaskKeys } from './keys';
import { STREAM_LENGTH } from './limits';
import { ProgressChannels } from './progress-channels';
import { openClient, openSubscriber, type RedisClient } from './redis-client';
import { RedisConnection } from './redis-connection';
import { readFigures, type RedisFigures } from './redis-figures';
import { ResultCode, resultOf } from './result-code';
import { entryOfStream, parseJson } from './stream-entry';
import { formatStreamId, parseStreamId } from './stream-id';
import { follow } from './subscription';
import { TaskScripts } from './task-scripts';
import type {
  AppendResult,
  CreateResult,
  HistoryOptions,
  HistoryPage,
  ReadResult,
  RebuildResult,
  RedisStatus,
  RedisTasksOptions,
  StreamItem,
  SubscribeOptions,
  TaskTransition,
  TransitionResult,
} from './types';

const DEFAULT_COMMAND_TIMEOUT_MS = 2_000;

/**
 * The live view of tasks in Redis, and their progress. It is a view only: any of it may vanish at
 * any time, which is an ordinary result of every method (`missing`, `found: false`, a gap), upon
 * which the caller asks the truth and calls {@link rebuild}.
 *
 * Every method throws a {@link RedisUnavailableError} where Redis cannot be asked; what was sent
 * may then have been carried out or not, and may be sent again.
 */
export class RedisTasks {
  readonly #keys: TaskKeys;
  readonly #connection: RedisConnection;
  readonly #channels: ProgressChannels;
  readonly #scripts: TaskScripts;

  /** Takes over a connection; see {@link connectRedisTasks} for the ordinary way. */
  constructor(client: RedisClient, options: Omit<RedisTasksOptions, 'url'> = {}) {
    const { keyPrefix, commandTimeoutMs = DEFAULT_COMMAND_TIMEOUT_MS, onStatusChange } = options;
    this.#keys = new TaskKeys(keyPrefix);
    this.#connection = new RedisConnection(client, commandTimeoutMs, onStatusChange);
    this.#scripts = new TaskScripts(this.#keys, this.#connection);
    this.#channels = new ProgressChannels(() => openSubscriber(client));
  }

  status(): RedisStatus {
    return this.#connection.status;
  }

  /**
   * Grows whenever Redis may have come back with an older state than it had confirmed: with each new
   * connection, and with each node of a cluster that goes.
   */
  get epoch(): number {
    return this.#connection.epoch;
  }

  /** How long Redis takes to answer, in milliseconds. */
  async ping(): Promise<number> {
    const startedAt = performance.now();
    await this.#connection.run((client) => client.ping());
    return performance.now() - startedAt;
  }

  /** What Redis says of its memory. */
  figures(): Promise<RedisFigures> {
    return this.#connection.run(readFigures);
  }

  /** Those of the tasks that have no view, for whatever reason. */
  async withoutView(taskIds: readonly string[]): Promise<string[]> {
    const found = await this.#connection.run((client) =>
      Promise.all(taskIds.map((taskId) => client.exists(this.#keys.task(taskId)))),
    );
    return taskIds.filter((_taskId, index) => found[index] === 0);
  }

  /** Those of the tasks whose view is there, but at an earlier event. */
  async behind(tasks: readonly Pick<TaskView, 'id' | 'seq'>[]): Promise<string[]> {
    const found = await this.#connection.run((client) =>
      Promise.all(tasks.map(({ id }) => client.hget(this.#keys.task(id), 'seq'))),
    );
    return tasks.flatMap(({ id, seq }, index) => {
      const stored = found[index] ?? null;
      return stored !== null && Number(stored) < seq ? [id] : [];
    });
  }

  /** Closes the connections at once; subscriptions end with their signal. */
  async close(): Promise<void> {
    this.#channels.close();
    this.#connection.close();
  }

  /**
   * Puts a new task in, and notes it in its user's history.
   *
   * @throws {TaskEventsInvalidError} where the events do not lead to the view
   */
  async create(view: TaskView, events: readonly TaskEvent[]): Promise<CreateResult> {
    checkEvents({ view, events });
    const [reply] = await Promise.all([
      this.#scripts.write('create', { view, events }),
      this.#scripts.remember(view.userId, view.id),
    ]);
    return resultOf(reply, [ResultCode.Created, ResultCode.Exists]);
  }

  /**
   * Takes a task to its next state: compare-and-set on its event number. Applied where the first
   * event follows the stored state; events that are in already are passed over.
   *
   * @throws {TaskEventsInvalidError} where the events do not lead to the view
   */
  async transition(view: TaskView, events: readonly TaskEvent[]): Promise<TransitionResult> {
    checkEvents({ view, events });
    const reply = await this.#scripts.write('transition', { view, events });
    return resultOf(reply, [
      ResultCode.Applied,
      ResultCode.Stale,
      ResultCode.Missing,
      ResultCode.Gap,
    ]);
  }

  /**
   * Takes a task to its terminal state. The script is that of {@link transition}: that a terminal
   * state is written once and never left follows from the event numbers, as the truth gives none
   * after it.
   *
   * @throws {TaskEventsInvalidError} where the view is not terminal, or as in `transition`
   */
  async finish(view: TaskView, events: readonly TaskEvent[]): Promise<TransitionResult> {
    if (!isTerminal(view.status)) {
      throw new TaskEventsInvalidError(`Task ${view.id} is not finished: it is ${view.status}`, {
        fields: { taskId: view.id, status: view.status },
      });
    }
    return this.transition(view, events);
  }

  /**
   * Many transitions in one round trip: all are sent before the first answer is waited for. The
   * results are in the order given.
   */
  transitionMany(transitions: readonly TaskTransition[]): Promise<TransitionResult[]> {
    return Promise.all(transitions.map(({ view, events }) => this.transition(view, events)));
  }

  /**
   * Replaces the view and the durable events by those of the truth, and never goes backwards.
   * Progress that is still in the stream stays.
   *
   * @param events all of the task's, or its latest; earlier ones are a gap to readers of the stream
   * @throws {TaskEventsInvalidError} where the events do not lead to the view
   */
  async rebuild(view: TaskView, events: readonly TaskEvent[]): Promise<RebuildResult> {
    checkEvents({ view, events });
    const [reply] = await Promise.all([
      this.#scripts.write('rebuild', { view, events }),
      this.#scripts.remember(view.userId, view.id),
    ]);
    return resultOf(reply, [ResultCode.Rebuilt, ResultCode.Stale]);
  }

  /** The view; one that is not of our making counts as a miss. */
  async read(taskId: string): Promise<ReadResult> {
    const json = await this.#connection.run((client) =>
      client.hget(this.#keys.task(taskId), 'view'),
    );
    const parsed = taskView.safeParse(json === null ? null : parseJson(json));
    return parsed.success ? { found: true, view: parsed.data } : { found: false };
  }

  /** Takes a task out, from its user's history too as long as the view is there to name the user. */
  async remove(taskId: string): Promise<void> {
    const key = this.#keys.task(taskId);
    const userId = await this.#connection.run((client) => client.hget(key, 'userId'));
    if (userId !== null) {
      await this.#connection.run((client) => client.zrem(this.#keys.history(userId), taskId));
    }
    await this.#connection.run((client) => client.unlink(key, this.#keys.progress(taskId)));
  }

  /**
   * Appends what an agent says, one or many at once, under the task's current event number.
   * Nothing is written twice where the connection breaks and the command is sent again.
   */
  async appendProgress(
    taskId: string,
    progress: ProgressEvent | readonly ProgressEvent[],
  ): Promise<AppendResult> {
    const events = [progress].flat();
    if (events.length === 0) return { status: 'appended', ids: [] };
    const firstId = await this.#scripts.append(taskId, events);
    if (firstId === null) return { status: 'missing' };
    const { seq, part } = parseStreamId(firstId);
    return {
      status: 'appended',
      ids: events.map((_event, i) => formatStreamId({ seq, part: part + i })),
    };
  }

  /** What agents said last, newest first; a short cut, as any of it may be lost. */
  async latestProgress(taskId: string): Promise<ProgressEvent[]> {
    const entries = await this.#connection.run((client) =>
      client.xrevrange(this.#keys.progress(taskId), '+', '-', 'COUNT', STREAM_LENGTH),
    );
    return entries.flatMap(([id, [, json]]) => {
      const { event } = entryOfStream(id, json);
      return event === null || 'seq' in event ? [] : [event];
    });
  }

  /**
   * A task's events and progress: first what the stream holds after an id, then live. Nothing is
   * left out or given twice, or a gap is told. Goes on through lost connections, and ends when the
   * signal aborts or the loop is left.
   *
   * @throws {StreamIdInvalidError} at the first step, where `after` is not a stream id
   */
  subscribe(taskId: string, options: SubscribeOptions): AsyncIterable<StreamItem> {
    const source = {
      channel: this.#keys.channel(taskId),
      channels: this.#channels,
      readAfter: (id: string, limit: number) => this.#scripts.replay(taskId, id, limit),
    };
    return follow(source, options);
  }

  /**
   * A user's latest tasks, newest first, at most 1000 of them. A short cut: what was evicted or
   * flushed is left out, so a short list does not prove that there are no more.
   */
  async history(userId: string, { limit, cursor }: HistoryOptions): Promise<HistoryPage> {
    const from = cursor === undefined ? '+' : `(${cursor}`;
    const found = await this.#connection.run((client) =>
      client.zrevrangebylex(this.#keys.history(userId), from, '-', 'LIMIT', 0, limit + 1),
    );
    const taskIds = found.slice(0, limit);
    return { taskIds, nextCursor: found.length > limit ? (taskIds.at(-1) ?? null) : null };
  }
}

/**
 * Connects to Redis and goes on at once: with Redis down the commands fail, and the connection comes
 * up by itself as soon as it can.
 *
 * @throws {RedisUrlInvalidError} where the URL cannot be used
 * @throws {RedisKeyPrefixInvalidError} where the prefix has braces
 */
export function connectRedisTasks({ url, ...options }: RedisTasksOptions): RedisTasks {
  return new RedisTasks(openClient(url), options);
}
