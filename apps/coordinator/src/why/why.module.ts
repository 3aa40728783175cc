import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { Publisher, QueueCounts, RabbitmqManagement, vhostOf } from '@askflash/messaging';
import { RedisTasks } from '@askflash/redis-tasks';
import { Database } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { Outbox } from '../engine/outbox';
import { TaskReader } from '../engine/task-reader';
import { BrokerObserver } from './broker-observer';
import { StoredFactsReader } from './stored-facts-reader';
import { WhyController } from './why.controller';
import { WhyService } from './why.service';

/** Why a task waits. */
@Module({})
export class WhyModule {
  static register(
    { rabbitmqUrl, rabbitmqManagementUrl, pollIntervalMs }: ConfigOf<typeof COORDINATOR_CONFIG>,
    engineModule: DynamicModule,
  ): DynamicModule {
    const management =
      rabbitmqManagementUrl === undefined
        ? undefined
        : new RabbitmqManagement(rabbitmqManagementUrl);
    return {
      module: WhyModule,
      imports: [engineModule],
      controllers: [WhyController],
      providers: [
        {
          provide: WhyService,
          inject: [Database, TaskReader, Publisher, Outbox, QueueCounts, RedisTasks],
          useFactory: (
            { dataSource }: Database,
            reader: TaskReader,
            publisher: Publisher,
            outbox: Outbox,
            counts: QueueCounts,
            redisTasks: RedisTasks,
          ) =>
            new WhyService({
              stored: new StoredFactsReader(dataSource, reader),
              broker: new BrokerObserver({
                publisher,
                outbox,
                counts,
                management,
                vhost: vhostOf(rabbitmqUrl),
              }),
              redisTasks,
              // The poller deletes the rows of confirmed messages, at the latest at its second look.
              confirmNotedMs: 2 * pollIntervalMs,
            }),
        },
      ],
    };
  }
}
