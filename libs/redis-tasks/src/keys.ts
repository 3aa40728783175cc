import { RedisKeyPrefixInvalidError } from './errors';

/**
 * Names of everything the library keeps in Redis. The braces are literal: only what is between them
 * decides on the cluster slot, so all keys of one task are in one slot.
 */
export class TaskKeys {
  /** @throws {RedisKeyPrefixInvalidError} where the prefix holds a brace */
  constructor(private readonly prefix = '') {
    if (/[{}]/.test(prefix)) {
      throw new RedisKeyPrefixInvalidError(`The key prefix ${JSON.stringify(prefix)} has a brace`);
    }
  }

  /** Hash: `seq`, `status`, `userId`, `view` (JSON), `ttl` and `batches`, see append-progress-2.lua. */
  task(taskId: string): string {
    return `${this.prefix}task:{${taskId}}`;
  }

  /** Stream of durable events and of progress. */
  progress(taskId: string): string {
    return `${this.prefix}task:{${taskId}}:progress`;
  }

  /** Channel on which every entry of the stream is told. */
  channel(taskId: string): string {
    return `${this.prefix}ai:progress:{${taskId}}`;
  }

  /** Sorted set of a user's task ids. */
  history(userId: string): string {
    return `${this.prefix}user:{${userId}}:tasks`;
  }
}
