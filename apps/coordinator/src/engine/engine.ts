import { within } from '@askflash/service-kit';
import { Logger } from '@nestjs/common';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import type { Advance } from './advance';
import { isTransient } from './database-errors';
import type { EngineEvent, EngineOutcome } from './engine-event';
import { EngineMetrics } from './engine-metrics';
import { MicroBatcher, type Settled } from './micro-batcher';
import type { Outbox } from './outbox';
import { storable } from './storable';
import { toTaskView } from './task-record';
import type { TaskStore } from './task-store';
import { applyBatch, type BatchResult } from './transitions';
import type { ViewWriter } from './view-writer';

/** Before a batch that PostgreSQL could not take is tried again. */
const RETRY_MS = 250;

/** How long a client waits for its task to be shown, once it is committed. */
const SHOW_TIMEOUT_MS = 500;

/** What the engine works with. */
export interface EngineParts {
  readonly store: TaskStore;
  readonly outbox: Outbox;
  readonly views: ViewWriter;
  readonly batchMaxCount: number;
  readonly registry: Registry;
}

/**
 * Moves tasks: takes events in micro-batches, commits each batch in one transaction, then sends and
 * shows what came of it. The order is what makes it safe to crash anywhere:
 *
 * ```
 * take tasks ─► reduce ─► write tasks, events, outbox: COMMIT ─► publish, confirm ─► view ─► done
 *                                                         ▲ from here on nothing can be lost
 * ```
 */
export class Engine {
  private readonly logger = new Logger(Engine.name);
  private readonly batcher: MicroBatcher<EngineEvent, EngineOutcome>;
  private readonly metrics: EngineMetrics;
  private readonly completions = new Set<Promise<void>>();

  constructor(private readonly parts: EngineParts) {
    this.metrics = new EngineMetrics(parts.registry, () => this.waitingCount);
    this.batcher = new MicroBatcher((batch) => this.process(batch), parts.batchMaxCount);
  }

  /** Events that wait for a transaction. */
  get waitingCount(): number {
    return this.batcher.waitingCount;
  }

  /**
   * Applies an event. What a client asked for resolves once it is committed, and shown where Redis is
   * quick; anything else once what it sent is confirmed, or left to the poller, and shown. While
   * PostgreSQL is away events wait; they are never dropped.
   *
   * @throws {TaskNotFoundError} {TaskTemplateUnknownError} and what else the event alone is to blame for
   */
  apply(event: EngineEvent): Promise<EngineOutcome> {
    return this.batcher.add(storable(event));
  }

  /** Resolves once every event is committed, sent and shown. */
  async drained(): Promise<void> {
    await this.batcher.drained();
    await Promise.all(this.completions);
  }

  private async process(batch: readonly EngineEvent[]): Promise<Settled<EngineOutcome>[]> {
    const startedMs = performance.now();
    const result = await this.commit(batch);
    this.metrics.count(batch, result, (performance.now() - startedMs) / 1000);
    const { shown, done } = this.finish(result);
    const soon = batch.some(isOfClient) ? within(SHOW_TIMEOUT_MS, shown, () => undefined) : done;
    return result.outcomes.map((outcome, index): Settled<EngineOutcome> => {
      if (outcome.status === 'rejected') return outcome;
      const event = batch[index];
      const ready = event !== undefined && isOfClient(event) ? soon : done;
      return { status: 'fulfilled', value: ready.then(() => this.toOutcome(outcome.value, event)) };
    });
  }

  /** Sends and shows a committed batch, while the next one is committed already. */
  private finish({ messages, changed }: BatchResult): Record<'shown' | 'done', Promise<void>> {
    const { outbox, views } = this.parts;
    const sending = outbox.send(messages);
    // Agents wait for the messages: they are on the wire before anything else is worked out.
    const shown = flushed().then(() => views.write(changed));
    // Only now may their rows go: after a crash they tell whose view may be behind.
    const done = Promise.all([sending, shown]).then(([sent]) => outbox.settle(sent));
    this.completions.add(done);
    return { shown, done: done.finally(() => this.completions.delete(done)) };
  }

  private async toOutcome(
    { ignored, task }: Advance,
    event: EngineEvent | undefined,
  ): Promise<EngineOutcome> {
    const view = toTaskView(task);
    if (ignored === undefined) return { type: 'applied', view };
    const { views } = this.parts;
    // A redelivery can mean that a crash came between the commit and the view.
    if (event?.type !== 'tick') views.markStale(task.id);
    // Before it is acknowledged, as the next crash would take the mark away with the message.
    if (event !== undefined && !isOfClient(event)) await views.refresh();
    return { type: 'ignored', reason: ignored, view };
  }

  private async commit(batch: readonly EngineEvent[]): Promise<BatchResult> {
    for (;;) {
      try {
        return await this.transact(batch);
      } catch (error) {
        if (isTransient(error)) {
          this.logger.warn(
            `PostgreSQL could not take ${batch.length} events, trying again: ${error}`,
          );
          await delay(RETRY_MS);
        } else if (batch.length > 1) {
          this.logger.error(
            `A batch of ${batch.length} failed, taking its events one by one: ${error}`,
          );
          return this.commitOneByOne(batch);
        } else {
          return { outcomes: [{ status: 'rejected', reason: error }], changed: [], messages: [] };
        }
      }
    }
  }

  /** So that an event the database refuses takes none of its neighbours with it. */
  private async commitOneByOne(batch: readonly EngineEvent[]): Promise<BatchResult> {
    const results: BatchResult[] = [];
    for (const event of batch) results.push(await this.commit([event]));
    return {
      outcomes: results.flatMap(({ outcomes }) => outcomes),
      changed: results.flatMap(({ changed }) => changed),
      messages: results.flatMap(({ messages }) => messages),
    };
  }

  private async transact(batch: readonly EngineEvent[]): Promise<BatchResult> {
    const { store, outbox } = this.parts;
    const confirmed = outbox.takeSettled();
    try {
      return await applyBatch(store, batch, confirmed);
    } catch (error) {
      outbox.settle(confirmed);
      throw error;
    }
  }

  /** Deletes the rows of confirmed messages where no batch comes along to do it. */
  async flushConfirmed(): Promise<void> {
    const { store, outbox } = this.parts;
    const confirmed = outbox.takeSettled();
    try {
      await store.deleteMessages(confirmed);
    } catch (error) {
      outbox.settle(confirmed);
      throw error;
    }
  }
}

/** Resolves once what was written to sockets in this turn of the event loop has left. */
async function flushed(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/** Whether a client waits for it: the task is safe by then, whatever the broker does. */
function isOfClient({ type }: EngineEvent): boolean {
  return type === 'create' || type === 'retry' || type === 'abort';
}
