import { randomBytes } from 'node:crypto';
import { isTerminal, type ProgressEvent } from '@askflash/contracts';
import { z } from 'zod';
import { RedisReplyUnexpectedError } from './errors';
import type { TaskKeys } from './keys';
import {
  ENDED_TASK_TTL_SECONDS,
  HISTORY_LENGTH,
  HISTORY_TTL_SECONDS,
  STREAM_LENGTH,
  TASK_TTL_SECONDS,
} from './limits';
import type { RedisConnection } from './redis-connection';
import type { RedisScript } from './redis-script';
import { ResultCode } from './result-code';
import { SCRIPTS } from './scripts';
import { entryOfStream } from './stream-entry';
import type { StreamPage } from './subscription';
import type { TaskTransition } from './types';

const appended = z.union([
  z.tuple([z.literal(ResultCode.Missing)]),
  z.tuple([z.literal(ResultCode.Appended), z.string()]),
]);
const page = z.tuple([z.string().nullable(), z.array(z.tuple([z.string(), z.array(z.string())]))]);

/** Calls the scripts: what their KEYS and ARGV are, and what their answers mean. */
export class TaskScripts {
  readonly #writer = randomBytes(6).toString('hex');
  #batchCount = 0;

  constructor(
    private readonly keys: TaskKeys,
    private readonly connection: RedisConnection,
  ) {}

  /** Writes a view and the events that lead to it; gives the result code. */
  write(
    script: 'create' | 'transition' | 'rebuild',
    { view, events }: TaskTransition,
  ): Promise<unknown> {
    return this.#run(SCRIPTS[script], this.#taskKeys(view.id), [
      ...this.#common(view.id, isTerminal(view.status) ? ENDED_TASK_TTL_SECONDS : TASK_TTL_SECONDS),
      view.seq - events.length + 1,
      view.seq,
      view.status,
      view.userId,
      JSON.stringify(view),
      ...events.map((event) => JSON.stringify(event)),
    ]);
  }

  /** Notes a task in its user's history: a command of its own, as that key is in another slot. */
  async remember(userId: string, taskId: string): Promise<void> {
    await this.#run(
      SCRIPTS.remember,
      [this.keys.history(userId)],
      [taskId, HISTORY_LENGTH, HISTORY_TTL_SECONDS],
    );
  }

  /** The id of the first entry; null where the task is missing. */
  async append(taskId: string, events: readonly ProgressEvent[]): Promise<string | null> {
    this.#batchCount += 1;
    const reply = await this.#run(SCRIPTS.appendProgress, this.#taskKeys(taskId), [
      ...this.#common(taskId, TASK_TTL_SECONDS),
      `${this.#writer}.${this.#batchCount}`,
      ...events.map((event) => JSON.stringify(event)),
    ]);
    const [code, firstId] = expectReply(appended, reply);
    return code === ResultCode.Missing ? null : firstId;
  }

  async replay(taskId: string, after: string, limit: number): Promise<StreamPage> {
    const reply = await this.#run(SCRIPTS.replay, this.#taskKeys(taskId), [after, limit]);
    const [seq, entries] = expectReply(page, reply);
    return {
      seq: seq === null ? null : Number(seq),
      entries: entries.map(([id, [, json]]) => entryOfStream(id, json)),
    };
  }

  #run(
    script: RedisScript,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    return this.connection.run((client) => script.run(client, keys, values));
  }

  #taskKeys(taskId: string): readonly string[] {
    return [this.keys.task(taskId), this.keys.progress(taskId)];
  }

  #common(taskId: string, ttlSeconds: number): readonly (string | number)[] {
    return [this.keys.channel(taskId), ttlSeconds, STREAM_LENGTH];
  }
}

function expectReply<Schema extends z.ZodType>(schema: Schema, reply: unknown): z.output<Schema> {
  const parsed = schema.safeParse(reply);
  if (parsed.success) return parsed.data;
  throw new RedisReplyUnexpectedError('A script answered something else than its header says');
}
