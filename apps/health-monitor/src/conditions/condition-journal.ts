import { newId } from '@askflash/config';
import { describeError, within } from '@askflash/service-kit';
import {
  selectClosedConditions,
  selectOpenConditions,
  type Database,
  type HealthCondition,
} from '@askflash/typeorm-entities';
import { Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { isConditionName, type OpenCondition } from './condition';
import { noticesOf, type ConditionAnnouncer } from './condition-announcer';
import type { ConditionChanges } from './condition-changes';
import type { Notice } from '../webhook/direct-notices';
import { SightingThrottle } from './sighting-throttle';
import { keyOf, mergeUnwritten, toUnwritten, type UnwrittenChange } from './unwritten-changes';
import { writeChanges, type WrittenChanges } from './write-changes';

export interface JournalOptions {
  /** PostgreSQL counts as away where it does not write within this. */
  readonly patienceMs: number;
  /** Between two attempts while it is away. */
  readonly retryMs: number;
  /** How often at most it is noted that a condition is found again. */
  readonly sightingIntervalMs: number;
  /** How many changes are kept while it is away, before the oldest that are over are dropped. */
  readonly limitCount: number;
}

const DEFAULTS: JournalOptions = {
  patienceMs: 2_000,
  retryMs: 2_000,
  sightingIntervalMs: 30_000,
  limitCount: 1_000,
};

/**
 * Keeps conditions in PostgreSQL, and has them told:
 *
 * ```
 * recorded ──written──► told by the monitor that opened or closed it, and by no other
 *     └──PostgreSQL away──► told at once ──PostgreSQL back──► written, with the times of then
 * ```
 *
 * While PostgreSQL is away, each monitor tells what it sees itself.
 */
export class ConditionJournal implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ConditionJournal.name);
  private readonly options: JournalOptions;
  private readonly sightings: SightingThrottle;
  /** Rows of open conditions by key: the watch knows them by its own ids. */
  private readonly rowIds = new Map<string, string>();
  private waiting: readonly UnwrittenChange[] = [];
  private inFlight: readonly UnwrittenChange[] = [];
  private writing: Promise<void> | undefined;
  private retry: NodeJS.Timeout | undefined;
  private away = false;
  private stopped = false;

  constructor(
    private readonly database: Pick<Database, 'dataSource'>,
    private readonly announcer: ConditionAnnouncer,
    options: Partial<JournalOptions> = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
    this.sightings = new SightingThrottle(this.options.sightingIntervalMs);
  }

  /** What is open, whichever monitor opened it. */
  async load(): Promise<OpenCondition[]> {
    const rows = await selectOpenConditions(this.database.dataSource.manager);
    return rows.flatMap(({ name, ...row }) => (isConditionName(name) ? [{ ...row, name }] : []));
  }

  /** What closed last, the latest first. */
  history(limit: number): Promise<HealthCondition[]> {
    return selectClosedConditions(this.database.dataSource.manager, { limit });
  }

  /** Resolves once the changes are written, or are told without. Never rejects. */
  async record(changes: ConditionChanges): Promise<void> {
    const recorded = toUnwritten(this.sightings.pass(changes)).map((change) => this.known(change));
    this.keep([...this.waiting, ...recorded]);
    await this.writeOrTell();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.withPatience(this.writing);
  }

  private async writeOrTell(): Promise<void> {
    await this.withPatience(this.flush());
    const unwritten = () => [...this.inFlight, ...this.waiting];
    if (unwritten().length === 0 || this.stopped) return;
    this.announcer.unwritten(() => unwritten().flatMap(noticesOf));
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      void this.writeOrTell();
    }, this.options.retryMs);
  }

  private flush(): Promise<void> {
    this.writing ??= this.write().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      [this.inFlight, this.waiting] = [batch, []];
      try {
        const written = await writeChanges(this.database.dataSource, batch, {
          notify: this.announcer.hasWebhook,
          notified: (change) => this.announcer.notified(change),
        });
        this.settle(batch, written);
      } catch (error) {
        this.noteAway(error);
        this.keep([...batch, ...this.waiting]);
        return;
      } finally {
        this.inFlight = [];
      }
    }
  }

  private settle(batch: readonly UnwrittenChange[], written: WrittenChanges): void {
    if (this.away) this.logger.log('Conditions are written to PostgreSQL again');
    this.away = false;
    for (const row of written.opened) this.rowIds.set(keyOf(row), row.id);
    this.announcer.written(ownNotices(batch, written));
    for (const change of batch) this.announcer.settle(change);
    const lost = new Set(written.lost.map(keyOf));
    const reopened = batch.filter(({ condition }) => lost.has(keyOf(condition))).map(anew);
    this.keep([...reopened, ...this.waiting]);
  }

  private noteAway(error: unknown): void {
    if (this.away) return;
    this.away = true;
    this.logger.warn(
      `PostgreSQL does not take conditions, they are kept meanwhile: ${describeError(error).message}`,
    );
  }

  private keep(changes: readonly UnwrittenChange[]): void {
    this.waiting = mergeUnwritten(changes, this.options.limitCount);
  }

  /** The change under the id of its row, where another monitor has opened it. */
  private known(change: UnwrittenChange): UnwrittenChange {
    const key = keyOf(change.condition);
    const id = change.opened ? undefined : this.rowIds.get(key);
    if (change.opened || change.closedAt) this.rowIds.delete(key);
    return id === undefined ? change : { ...change, condition: { ...change.condition, id } };
  }

  private async withPatience(work: Promise<void> | undefined): Promise<void> {
    if (work) await within(this.options.patienceMs, work, () => undefined);
  }
}

/** What this monitor was the first to write. */
function ownNotices(
  batch: readonly UnwrittenChange[],
  { opened, closed }: WrittenChanges,
): Notice[] {
  const openedIds = new Set(opened.map(({ id }) => id));
  const closedIds = new Map(closed.map((row) => [keyOf(row), row.id]));
  return batch.flatMap((change) => {
    if (openedIds.has(change.condition.id)) return noticesOf(change);
    const key = keyOf(change.condition);
    const id = closedIds.get(key);
    if (id === undefined || !change.closedAt) return [];
    closedIds.delete(key);
    return noticesOf({ ...change, condition: { ...change.condition, id }, opened: false });
  });
}

/** A condition that another monitor has closed, and this one still finds, opens again. */
function anew({ condition }: UnwrittenChange): UnwrittenChange {
  const again = { ...condition, id: newId(), openedAt: condition.lastSeenAt };
  return { condition: again, opened: true, closedAt: null };
}
