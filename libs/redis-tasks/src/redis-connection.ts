import { certificateProblem } from '@askflash/config';
import { RedisReplyUnexpectedError, RedisUnavailableError } from './errors';
import type { RedisClient } from './redis-client';
import type { RedisStatus, RedisTasksOptions } from './types';

/** First words of error replies that tell of the server's state, not of the command. */
const STATE_REPLIES =
  /^(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOPERM|NOREPLICAS|OOM|READONLY|TRYAGAIN|WRONGPASS)\b/;

/**
 * The connection that commands go through: tells its status, and bounds every command in time.
 * Owns the client it is given.
 */
export class RedisConnection {
  #status: RedisStatus = 'connecting';
  #reason = 'the connection is not open yet';
  #lastReplyAt = 0;
  #isGivenUp = false;
  #epoch = 0;

  constructor(
    readonly client: RedisClient,
    private readonly commandTimeoutMs: number,
    private readonly onStatusChange: RedisTasksOptions['onStatusChange'],
  ) {
    client.on('ready', () => {
      this.#isGivenUp = false;
      this.#epoch += 1;
      this.#change('ready');
    });
    // Of a cluster: a replica that lacks the last writes may take over.
    client.on('-node', () => (this.#epoch += 1));
    client.on('error', (error: Error) => (this.#reason = reasonOf(error)));
    client.on('close', () => this.#change(this.#status === 'ready' ? 'connecting' : 'down'));
    client.on('end', () => this.#change('down'));
  }

  get status(): RedisStatus {
    return this.#status;
  }

  /** Grows with each connection that is made anew or lost to a node: what was written may be gone. */
  get epoch(): number {
    return this.#epoch;
  }

  /**
   * Sends what `command` sends. While the first attempt to connect or to reconnect is under way, it
   * waits for that.
   *
   * @throws {RedisUnavailableError} at once where the connection is down, else past the time-out;
   *   Redis may have carried the command out all the same
   * @throws {RedisReplyUnexpectedError} where Redis refuses the command itself
   */
  async run<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#status === 'down') throw new RedisUnavailableError(this.#reason);
    const startedAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const reply = await Promise.race([
        command(this.client),
        new Promise<never>((_resolve, reject) => {
          timer = setTimeout(() => reject(this.#unanswered(startedAt)), this.commandTimeoutMs);
        }),
      ]);
      this.#lastReplyAt = performance.now();
      return reply;
    } catch (error) {
      throw translate(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes at once, for good; commands under way fail. */
  close(): void {
    this.#status = 'down';
    this.#reason = 'the connection was closed';
    this.client.disconnect();
  }

  /** A connection on which nothing at all came back in the meantime is dead: opens another. */
  #unanswered(startedAt: number): RedisUnavailableError {
    if (this.#status === 'ready' && !this.#isGivenUp && this.#lastReplyAt < startedAt) {
      this.#isGivenUp = true;
      this.client.disconnect(true);
    }
    return new RedisUnavailableError(`no answer within ${this.commandTimeoutMs} ms`);
  }

  #change(status: RedisStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.onStatusChange?.(status, status === 'ready' ? undefined : this.#reason);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return certificateProblem(error) ?? (error.message || error.name);
}

/** Without the original as its cause: that one carries the command's arguments, secrets included. */
function translate(error: unknown): Error {
  if (error instanceof RedisUnavailableError) return error;
  const reason = reasonOf(error);
  const isReply = error instanceof Error && error.name === 'ReplyError';
  return isReply && !STATE_REPLIES.test(reason)
    ? new RedisReplyUnexpectedError(`Redis refused a command: ${reason}`)
    : new RedisUnavailableError(reason);
}
