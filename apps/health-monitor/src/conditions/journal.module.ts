import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { Database } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { DirectNotices } from '../webhook/direct-notices';
import { Notifications } from '../webhook/notifications';
import { WebhookDelivery } from '../webhook/webhook-delivery';
import { WebhookModule } from '../webhook/webhook.module';
import { ConditionAnnouncer } from './condition-announcer';
import { ConditionJournal } from './condition-journal';
import { ConditionLog } from './condition-log';

/** The journal of conditions, and the webhook that is told of them where one is configured. */
@Module({})
export class JournalModule {
  /** @throws {ConfigInvalidError} where the webhook has no secret to sign with */
  static register(config: ConfigOf<typeof HEALTH_MONITOR_CONFIG>): DynamicModule {
    const log = new ConditionLog(config.publicUrl);
    return {
      module: JournalModule,
      imports: [WebhookModule.register(config)],
      providers: [
        {
          provide: ConditionJournal,
          inject: [
            Database,
            { token: WebhookDelivery, optional: true },
            { token: Notifications, optional: true },
          ],
          useFactory: (
            database: Database,
            delivery: WebhookDelivery | undefined,
            notifications: Notifications | undefined,
          ) => {
            const webhook = delivery &&
              notifications && { notifications, direct: new DirectNotices(delivery) };
            return new ConditionJournal(database, new ConditionAnnouncer(log, webhook));
          },
        },
      ],
      exports: [ConditionJournal],
    };
  }
}
