import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { Database } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { Retention } from './retention';
import { RetentionMetrics } from './retention-metrics';

/** Deletes what is older than `RETENTION_DAYS`, as long as the app runs. */
@Module({})
export class RetentionModule {
  static register({ retentionDays }: ConfigOf<typeof HEALTH_MONITOR_CONFIG>): DynamicModule {
    return {
      module: RetentionModule,
      providers: [
        RetentionMetrics,
        {
          provide: Retention,
          inject: [Database, RetentionMetrics],
          useFactory: (database: Database, metrics: RetentionMetrics) =>
            new Retention(database, metrics, retentionDays),
        },
      ],
    };
  }
}
