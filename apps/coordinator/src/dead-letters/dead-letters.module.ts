import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { DeadLetterQueue, RabbitmqManagement, vhostOf } from '@askflash/messaging';
import { Database } from '@askflash/typeorm-entities';
import { Module, type BeforeApplicationShutdown, type DynamicModule } from '@nestjs/common';
import { DeadLettersController } from './dead-letters.controller';
import { DeadLettersService } from './dead-letters.service';
import { checkProtection } from './protection';

/** Looking at dead letters, and sending them back. */
@Module({})
export class DeadLettersModule implements BeforeApplicationShutdown {
  constructor(private readonly deadLetters: DeadLettersService) {}

  static register({
    rabbitmqUrl,
    rabbitmqManagementUrl,
  }: ConfigOf<typeof COORDINATOR_CONFIG>): DynamicModule {
    const vhost = vhostOf(rabbitmqUrl);
    const management =
      rabbitmqManagementUrl === undefined
        ? undefined
        : new RabbitmqManagement(rabbitmqManagementUrl);
    return {
      module: DeadLettersModule,
      controllers: [DeadLettersController],
      providers: [
        {
          provide: DeadLettersService,
          inject: [DeadLetterQueue, Database],
          useFactory: (queue: DeadLetterQueue, database: Database) =>
            new DeadLettersService(queue, database, async () => {
              if (management) await checkProtection(management, vhost);
            }),
        },
      ],
    };
  }

  beforeApplicationShutdown(): void {
    this.deadLetters.stop();
  }
}
