import type { ConditionEvent } from '@askflash/typeorm-entities';
import { backoffMs } from './backoff';
import type { WebhookDelivery } from './webhook-delivery';
import type { NotifiedCondition } from './webhook-event';

/** One event of a condition. */
export interface Notice {
  readonly condition: NotifiedCondition;
  readonly event: ConditionEvent;
}

/** Before the receiver is tried again, by how many attempts failed in a row. */
export type Backoff = (attempts: number) => number;

/** It never gives up: once PostgreSQL is back, what is untold is told from there. */
const DEFAULT_BACKOFF: Backoff = (attempts) => backoffMs(Math.min(attempts, 5)) ?? 0;

/**
 * Tells the webhook past PostgreSQL, while that is away: one event after the other, each once. Where
 * the receiver does not take one, the rest waits with it.
 */
export class DirectNotices {
  private readonly told = new Set<string>();
  private telling = false;
  private failures = 0;
  private retryAtMs = 0;

  constructor(
    private readonly delivery: Pick<WebhookDelivery, 'tell'>,
    private readonly backoff = DEFAULT_BACKOFF,
  ) {}

  /**
   * Tells what is not told yet, unless that is being done, or it is too early to try again.
   *
   * @param notices what there is to tell; asked again after each, as PostgreSQL may be back
   */
  async tell(notices: () => readonly Notice[]): Promise<void> {
    if (this.telling || performance.now() < this.retryAtMs) return;
    this.telling = true;
    try {
      for (let next = this.untold(notices()); next; next = this.untold(notices())) {
        const { condition, event } = next;
        if (!(await this.delivery.tell(condition, event))) return this.postpone();
        this.failures = 0;
        this.told.add(`${condition.id}.${event}`);
      }
    } finally {
      this.telling = false;
    }
  }

  knows(id: string, event: ConditionEvent): boolean {
    return this.told.has(`${id}.${event}`);
  }

  forget(id: string): void {
    this.told.delete(`${id}.opened`);
    this.told.delete(`${id}.closed`);
  }

  private untold(notices: readonly Notice[]): Notice | undefined {
    return notices.find(({ condition, event }) => !this.knows(condition.id, event));
  }

  private postpone(): void {
    this.failures += 1;
    this.retryAtMs = performance.now() + this.backoff(this.failures);
  }
}
