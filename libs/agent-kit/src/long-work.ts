import { STAGE_RETURNED, type StageRequested } from '@askflash/contracts';
import { acknowledge, type Decision, type Publisher } from '@askflash/messaging';
import type { Logger } from '@nestjs/common';
import { setTimeout as delay } from 'node:timers/promises';

/** What it needs of the process around it. */
export interface LongWorkOptions {
  readonly publisher: Pick<Publisher, 'publish'>;
  /** How long a request may stay unacknowledged, in milliseconds. */
  readonly afterMs: number;
  /** Told each time the number of stages that run on acknowledged changes. */
  readonly onCount: (count: number) => void;
  readonly log: Pick<Logger, 'log' | 'warn'>;
}

/** A request and the trace it is in. */
interface Traced {
  readonly request: StageRequested;
  readonly traceparent: string | undefined;
}

/**
 * Lets go of the requests of stages that take long, before the broker's consumer time-out takes them
 * away: that would hand them to another instance, and in the end to the dead-letter queue.
 *
 * ```
 * unacknowledged ── settled within afterMs ──► as its decision says
 *       └── afterMs over ──► acknowledged, at work ── report confirmed ──► done
 *                                   └── instance stops ──► request published again ──► done
 * ```
 *
 * From the acknowledgement on the coordinator alone guards the work: should the instance crash, the
 * stage is requested anew when its `timeoutMs` is over.
 */
export class LongWork {
  private readonly atWork = new Set<Promise<void>>();
  private stopping = false;

  constructor(private readonly options: LongWorkOptions) {}

  /**
   * What `settle` decides, or `acknowledge` where that takes too long.
   *
   * @param settle never rejects; called again, it goes on with the same work
   * @param traceparent trace context of the request
   */
  async bound(
    request: StageRequested,
    settle: () => Promise<Decision>,
    traceparent?: string,
  ): Promise<Decision> {
    const decision = settle();
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.options.afterMs);
    });
    const settled = await Promise.race([decision, overdue]);
    clearTimeout(timer);
    if (settled) return settled;
    this.letGo(request, this.goOn({ request, traceparent }, decision, settle));
    return acknowledge();
  }

  /** From now on, what cannot be settled is handed back to the queue. */
  stop(): void {
    this.stopping = true;
  }

  /** Resolves once all of it is settled, `graceMs` at most. */
  async drained(graceMs: number): Promise<void> {
    const patience = new AbortController();
    const graceOver = delay(graceMs, undefined, { signal: patience.signal });
    graceOver.catch(() => undefined);
    await Promise.race([Promise.all(this.atWork), graceOver]);
    patience.abort();
  }

  private letGo(request: StageRequested, settled: Promise<void>): void {
    const { onCount, log } = this.options;
    log.log(`${request.stage} of ${request.taskId} takes long: acknowledged while it runs`);
    const work = settled.finally(() => {
      this.atWork.delete(work);
      onCount(this.atWork.size);
    });
    this.atWork.add(work);
    onCount(this.atWork.size);
  }

  private async goOn(
    request: Traced,
    decision: Promise<Decision>,
    settle: () => Promise<Decision>,
  ): Promise<void> {
    let settled = await decision;
    while (settled.kind === 'retry-later' && !this.stopping) {
      await delay(settled.afterMs);
      settled = await settle();
    }
    if (settled.kind === 'retry-later') await this.handBack(request);
  }

  private async handBack({ request, traceparent }: Traced): Promise<void> {
    try {
      const options = traceparent === undefined ? {} : { traceparent };
      await this.options.publisher.publish(STAGE_RETURNED, request, options);
    } catch (error) {
      this.options.log.warn(
        `${request.stage} of ${request.taskId} is left to its time-out: ${error}`,
      );
    }
  }
}
