import type { DeadLetter, DeadLetterQueue } from '@askflash/messaging';
import type { Caller } from '@askflash/service-kit';
import type { Database } from '@askflash/typeorm-entities';
import { BadRequestException, Logger } from '@nestjs/common';
import { takeTurn } from './dead-letter-turn';
import type { DeadLetterPage, ListDeadLettersDto, RedriveReport, RedriveRequest } from './dto';
import { matches, pageOf, readCursor } from './page';
import { redrive, type RedriveEnd } from './redrive';

/** A look takes part of a second, so a turn is soon there unless a redrive has it. */
const LOOK_WAIT_MS = 5_000;

/** Well below the half hour after which RabbitMQ takes messages back from who does not acknowledge. */
const REDRIVE_MAX_MS = 5 * 60_000;

interface Look {
  readonly letters: readonly DeadLetter[];
  readonly complete: boolean;
}

/** What clients can do with dead letters. */
export class DeadLettersService {
  private readonly logger = new Logger(DeadLettersService.name);
  private readonly shutdown = new AbortController();
  private looking: Promise<Look> | undefined;

  /** @param protect throws where looking at dead letters could lose them */
  constructor(
    private readonly queue: DeadLetterQueue,
    private readonly database: Database,
    private readonly protect: () => Promise<void>,
  ) {}

  /**
   * A page of the dead letters, which all stay where they are.
   *
   * @throws {DeadLettersBusyError}
   * @throws {DeadLettersUnprotectedError}
   * @throws {BrokerUnreachableError}
   */
  async list({ queue, reason, limit, cursor }: ListDeadLettersDto): Promise<DeadLetterPage> {
    const after = cursor === undefined ? undefined : readCursor(cursor);
    if (cursor !== undefined && !after) throw new BadRequestException('The cursor is none');
    const { letters, complete } = await this.look();
    const matching = letters.filter((letter) => matches({ queue, reason }, letter));
    const { items, next } = pageOf(matching, { cursor: after, limit });
    return {
      deadLetters: items,
      next,
      matching: matching.length,
      lookedAt: letters.length,
      complete,
    };
  }

  /**
   * Sends dead letters back to the queues they were in.
   *
   * @param gone aborts when nobody waits for the report any more
   * @throws {DeadLettersBusyError}
   * @throws {DeadLettersUnprotectedError}
   * @throws {BrokerUnreachableError}
   */
  async redrive(request: RedriveRequest, gone: AbortSignal, by: Caller): Promise<RedriveReport> {
    await this.protect();
    const stop = new AbortController();
    const end = (reason: RedriveEnd) => () => stop.abort(reason);
    const timer = setTimeout(end('time'), REDRIVE_MAX_MS);
    const done = new AbortController();
    gone.addEventListener('abort', end('client_gone'), { signal: done.signal });
    this.shutdown.signal.addEventListener('abort', end('shutdown'), { signal: done.signal });
    try {
      const report = await takeTurn(
        this.database.dataSource,
        request.dryRun ? LOOK_WAIT_MS : 0,
        () => this.queue.checkOut((checkedOut) => redrive(checkedOut, request, stop.signal)),
      );
      const { dryRun, redriven, failed, left, endedBy } = report;
      if (!dryRun) {
        this.logger.log(
          `Redrive by ${by.name}: ${redriven} sent back, ${failed} failed, ${left} left, ended by ${endedBy}`,
        );
      }
      return report;
    } finally {
      clearTimeout(timer);
      done.abort();
    }
  }

  /** Ends a redrive that is under way: it reports what it has done. */
  stop(): void {
    this.shutdown.abort();
  }

  /** Whoever asks while a look is under way shares it. */
  private look(): Promise<Look> {
    this.looking ??= this.lookNow().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookNow(): Promise<Look> {
    await this.protect();
    return takeTurn(this.database.dataSource, LOOK_WAIT_MS, () =>
      this.queue.checkOut(async ({ letters, complete }) => ({ letters, complete })),
    );
  }
}
