import { setTimeout as delay } from 'node:timers/promises';
import { describeError } from '@askflash/service-kit';
import {
  eventOf,
  leaseNotifications,
  postponeNotification,
  settleNotification,
  type Database,
  type LeasedNotification,
} from '@askflash/typeorm-entities';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { backoffMs } from './backoff';
import type { WebhookDelivery } from './webhook-delivery';

export interface NotificationsOptions {
  /** Between two looks for what is due. */
  readonly pollMs: number;
  /** How long a message that is being sent is nobody else's; longer than sending takes. */
  readonly leaseMs: number;
  /** How many messages are sent at the same time. */
  readonly concurrency: number;
  /** Before the next attempt, by how many failed; undefined gives up. */
  readonly backoffMs: (attempts: number) => number | undefined;
}

const DEFAULTS: NotificationsOptions = {
  pollMs: 5_000,
  leaseMs: 30_000,
  concurrency: 4,
  backoffMs,
};

/**
 * Tells the webhook what PostgreSQL says it does not know, at least once:
 *
 * ```
 * due ──leased by one monitor──► being sent ──taken──► told; the condition's end is due, if it has one
 *  ▲                                  │  │ └─410, or failing for a day──► given up, as if told
 *  ├──────────back-off over───────────┘  │ failed
 *  └────────lease over: it crashed───────┘
 * ```
 */
export class Notifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Notifications.name);
  private readonly options: NotificationsOptions;
  private waiting = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private stopped = true;

  constructor(
    private readonly database: Pick<Database, 'dataSource'>,
    private readonly delivery: WebhookDelivery,
    options: Partial<NotificationsOptions> = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  onApplicationBootstrap(): void {
    this.stopped = false;
    this.running = this.run();
  }

  /** Resolves once what is being sent is sent, or was refused. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
  }

  /** Looks for what is due now rather than at the next interval. */
  wake(): void {
    this.waiting.abort();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      // Made before the look, so that a call of `wake` meanwhile is not lost.
      this.waiting = new AbortController();
      await this.sendDue();
      if (this.stopped) return;
      const { signal } = this.waiting;
      await delay(this.options.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async sendDue(): Promise<void> {
    const { concurrency: limit, leaseMs } = this.options;
    try {
      while (!this.stopped) {
        const { manager } = this.database.dataSource;
        const leases = await leaseNotifications(manager, { limit, leaseMs });
        if (leases.length === 0) return;
        await Promise.all(leases.map((lease) => this.send(lease)));
      }
    } catch (error) {
      this.logger.debug(`Not looked for what is due: ${describeError(error).message}`);
    }
  }

  /** Never rejects: what cannot be noted is sent again once its lease is over. */
  private async send(lease: LeasedNotification): Promise<void> {
    const { manager } = this.database.dataSource;
    const event = eventOf(lease);
    try {
      if (await this.delivery.tell(lease, event)) return await settleNotification(manager, lease);
      const delayMs = this.options.backoffMs(lease.notifyAttempts);
      if (delayMs !== undefined) return await postponeNotification(manager, lease, delayMs);
      this.delivery.giveUp(lease, event, `${lease.notifyAttempts} attempts failed`);
      await settleNotification(manager, lease);
    } catch (error) {
      this.logger.warn(
        `Not noted that the webhook was told of ${lease.id}.${event}: ${describeError(error).message}`,
      );
    }
  }
}
