import { RESULTS_QUEUE, awaitTopology, type Consumer, type Consumers } from '@askflash/messaging';
import { within } from '@askflash/service-kit';
import { assertSchemaCurrent, type Database } from '@askflash/typeorm-entities';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Engine } from './engine';
import type { Poller } from './poller';
import { consumeResults } from './results';

/** How long it may take at shutdown until all that was taken is committed, sent and shown. */
const DRAIN_MS = 10_000;

/** What starts and stops. */
export interface EngineLifecycleParts {
  readonly database: Pick<Database, 'whenReady'>;
  readonly consumers: Pick<Consumers, 'consume'>;
  readonly engine: Pick<Engine, 'apply' | 'drained' | 'flushConfirmed'>;
  readonly poller: Pick<Poller, 'start' | 'stop'>;
  readonly prefetch: number;
  readonly rabbitmqUrl: string;
}

/**
 * ```
 * waiting for the servers ──schema and topology right──► running ──shutdown──► draining ──► stopped
 *           └──schema or topology wrong──► the process ends, naming the command to run
 * ```
 */
export class EngineLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(EngineLifecycle.name);
  private results: Consumer | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: EngineLifecycleParts) {}

  /** Whether results are taken and overdue work is looked for. */
  get running(): boolean {
    return this.results !== undefined && !this.stopping.signal.aborted;
  }

  onApplicationBootstrap(): void {
    // Not awaited, so that the app answers while a server is away. A rejection is not handled on
    // purpose: a wrong schema or topology ends the process.
    void this.begin();
  }

  /**
   * Takes no more results; what is being committed is committed, sent and shown. With PostgreSQL away
   * that would never end, so it is given up after a while: what is not committed comes again.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await within(DRAIN_MS, this.drain(), () => undefined);
  }

  private async drain(): Promise<void> {
    const { poller, engine } = this.parts;
    await Promise.all([poller.stop(), this.results?.stop(DRAIN_MS)]);
    await engine.drained();
    if (this.results) await this.flushConfirmed();
  }

  /** Where PostgreSQL is away, what is still in the outbox is sent once more by whoever polls next. */
  private async flushConfirmed(): Promise<void> {
    try {
      await this.parts.engine.flushConfirmed();
    } catch (error) {
      this.logger.warn(`Confirmed messages could not be taken out of the outbox: ${error}`);
    }
  }

  private async begin(): Promise<void> {
    const { database, consumers, engine, poller, prefetch, rabbitmqUrl } = this.parts;
    const { signal } = this.stopping;
    try {
      await assertSchemaCurrent(await database.whenReady());
      await awaitTopology(rabbitmqUrl, [RESULTS_QUEUE], signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (signal.aborted) return;
    this.results = await consumeResults(consumers, engine, prefetch);
    poller.start();
  }
}
