import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { Database } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { Notifications } from './notifications';
import { WebhookClient } from './webhook-client';
import { WebhookDelivery } from './webhook-delivery';
import { WebhookMetrics } from './webhook-metrics';
import { webhookTarget } from './webhook-target';

const TIMEOUT_MS = 5_000;

/** Tells a webhook of conditions; has but its metrics in it where none is configured. */
@Module({})
export class WebhookModule {
  /** @throws {ConfigInvalidError} where the webhook has no secret to sign with */
  static register(config: ConfigOf<typeof HEALTH_MONITOR_CONFIG>): DynamicModule {
    const target = webhookTarget(config);
    if (!target) return { module: WebhookModule, providers: [WebhookMetrics] };
    const client = new WebhookClient(target, { timeoutMs: TIMEOUT_MS });
    return {
      module: WebhookModule,
      providers: [
        WebhookMetrics,
        {
          provide: WebhookDelivery,
          inject: [WebhookMetrics],
          useFactory: (metrics: WebhookMetrics) =>
            new WebhookDelivery(client, metrics, config.publicUrl),
        },
        {
          provide: Notifications,
          inject: [Database, WebhookDelivery],
          useFactory: (database: Database, delivery: WebhookDelivery) =>
            new Notifications(database, delivery),
        },
      ],
      exports: [WebhookDelivery, Notifications],
    };
  }
}
