import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { EventStreams } from '@askflash/service-kit';
import { Database } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { Runbooks } from '../runbooks/runbooks';
import { RunbooksController } from '../runbooks/runbooks.controller';
import { Watch } from '../watch/watch';
import { AssetsController } from './assets.controller';
import { LiveStatus } from './live-status';
import { StatusBoard } from './status-board';
import { StatusController } from './status.controller';
import { StatusSource } from './status-source';

/** The status page, and the runbooks that it leads to. */
@Module({
  controllers: [StatusController, AssetsController, RunbooksController],
  providers: [StatusBoard, EventStreams, Runbooks],
})
export class StatusModule {
  /** @param watch the module that exports the `Watch` whose looks are shown */
  static register(
    {
      publicUrl,
      coordinatorPublicUrl,
      checkTimeoutMs: timeoutMs,
    }: ConfigOf<typeof HEALTH_MONITOR_CONFIG>,
    watch: DynamicModule,
  ): DynamicModule {
    return {
      module: StatusModule,
      imports: [watch],
      providers: [
        {
          provide: StatusSource,
          inject: [Watch, Database],
          useFactory: (watch: Watch, database: Database) =>
            new LiveStatus({ watch, database, publicUrl, coordinatorPublicUrl, timeoutMs }),
        },
      ],
    };
  }
}
