import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { DatabaseUnavailableError, reasonOf } from '../errors';
import { observePool } from './pool-metrics';

const RETRY_INTERVAL_MS = 500;

/**
 * The app's connection to PostgreSQL. It connects in the background, so an app starts while its
 * database is down:
 *
 * ```
 * connecting ──► ready ──► closed        a lost connection is replaced by the pool: still ready,
 *     └────────────────────►             and `ping()` says whether PostgreSQL answers just now
 * ```
 */
@Injectable()
export class Database implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(Database.name);
  private readonly closing = new AbortController();
  private connecting: Promise<void> = Promise.resolve();
  private problem: unknown = new Error('not connected yet');

  /** @param registry where the metrics of its pool go */
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    @Optional() registry?: Registry,
  ) {
    if (registry) observePool(dataSource, registry);
  }

  /** Whether it has connected; queries can be made from then on. */
  get ready(): boolean {
    return this.dataSource.isInitialized;
  }

  /**
   * Waits until it has connected.
   *
   * @throws {DatabaseUnavailableError} where the app is shut down before that
   */
  async whenReady(): Promise<DataSource> {
    await this.connecting;
    if (!this.ready) throw new DatabaseUnavailableError(this.problem);
    return this.dataSource;
  }

  /**
   * Asks PostgreSQL for a sign of life.
   *
   * @returns how long the answer took, in milliseconds
   * @throws {DatabaseUnavailableError} where it does not answer in time
   */
  async ping({ timeoutMs = 2_000 } = {}): Promise<number> {
    if (!this.ready) throw new DatabaseUnavailableError(this.problem);
    const start = performance.now();
    const timer = new AbortController();
    const late = delay(timeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new Error(`no answer within ${timeoutMs} ms`);
    });
    try {
      await Promise.race([this.dataSource.query('SELECT 1'), late]);
    } catch (error) {
      throw new DatabaseUnavailableError(error);
    } finally {
      late.catch(() => undefined);
      timer.abort();
    }
    return performance.now() - start;
  }

  onModuleInit(): void {
    this.connecting = this.connect();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing.abort();
    await this.connecting;
  }

  private async connect(): Promise<void> {
    while (!this.closing.signal.aborted) {
      try {
        await this.dataSource.initialize();
        this.logger.log('Connected to PostgreSQL');
        return;
      } catch (error) {
        if (reasonOf(error) !== reasonOf(this.problem)) {
          this.logger.warn(`PostgreSQL does not answer, trying on: ${reasonOf(error)}`);
        }
        this.problem = error;
      }
      await delay(RETRY_INTERVAL_MS, undefined, { signal: this.closing.signal }).catch(
        () => undefined,
      );
    }
  }
}
