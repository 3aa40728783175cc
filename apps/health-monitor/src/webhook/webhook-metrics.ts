import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';

const OUTCOMES = ['delivered', 'failed', 'given_up'] as const;
export type WebhookOutcome = (typeof OUTCOMES)[number];

/** What `/metrics` tells of the webhook; all of it is 0 where there is none. */
@Injectable()
export class WebhookMetrics {
  private readonly deliveries: Counter<'outcome'>;

  constructor(registry: Registry) {
    this.deliveries = new Counter({
      name: 'mcp_webhook_deliveries_total',
      help: 'Attempts to tell the webhook, by whether it took it, and messages that were given up',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of OUTCOMES) this.deliveries.inc({ outcome }, 0);
  }

  count(outcome: WebhookOutcome): void {
    this.deliveries.inc({ outcome });
  }
}
