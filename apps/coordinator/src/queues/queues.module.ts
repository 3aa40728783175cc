import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { QueueCounts, RabbitmqManagement, vhostOf } from '@askflash/messaging';
import { Module, type DynamicModule } from '@nestjs/common';
import { QueuesController } from './queues.controller';
import { QueuesService } from './queues.service';

/** What the backbone's queues hold. */
@Module({})
export class QueuesModule {
  static register({
    rabbitmqUrl,
    rabbitmqManagementUrl,
  }: ConfigOf<typeof COORDINATOR_CONFIG>): DynamicModule {
    const management =
      rabbitmqManagementUrl === undefined
        ? undefined
        : new RabbitmqManagement(rabbitmqManagementUrl);
    return {
      module: QueuesModule,
      controllers: [QueuesController],
      providers: [
        {
          provide: QueuesService,
          inject: [QueueCounts],
          useFactory: (counts: QueueCounts) =>
            new QueuesService(counts, management, vhostOf(rabbitmqUrl)),
        },
      ],
    };
  }
}
