import type { ConditionEvent } from '@askflash/typeorm-entities';
import { Logger } from '@nestjs/common';
import type { WebhookClient } from './webhook-client';
import { toWebhookMessage, type NotifiedCondition } from './webhook-event';
import type { WebhookMetrics } from './webhook-metrics';

/** Tells the webhook of conditions, counts it, and logs what fails; the URL is never told. */
export class WebhookDelivery {
  private readonly logger = new Logger('Webhook');

  constructor(
    private readonly client: Pick<WebhookClient, 'send'>,
    private readonly metrics: Pick<WebhookMetrics, 'count'>,
    private readonly publicUrl: string,
  ) {}

  /**
   * Tells of one event, once. Never rejects.
   *
   * @returns whether that is done: the receiver took it, or wants no more of it
   */
  async tell(condition: NotifiedCondition, event: ConditionEvent): Promise<boolean> {
    const message = toWebhookMessage(condition, event, this.publicUrl);
    const outcome = await this.client.send(message);
    if (outcome.result === 'delivered') {
      this.metrics.count('delivered');
      return true;
    }
    this.metrics.count('failed');
    this.logger.warn(`The webhook did not take ${message.id}: ${outcome.reason}`);
    if (outcome.result === 'failed') return false;
    this.giveUp(condition, event, 'it wants no more of it');
    return true;
  }

  /** Counts and logs that an event stays untold. */
  giveUp({ id, name, subject }: NotifiedCondition, event: ConditionEvent, why: string): void {
    this.metrics.count('given_up');
    this.logger.error(`The webhook is not told of ${id}.${event} (${name}, ${subject}): ${why}`);
  }
}
