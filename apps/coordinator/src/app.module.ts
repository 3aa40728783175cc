import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { MessagingModule, MessagingStatus } from '@askflash/messaging';
import { RedisTasksModule } from '@askflash/redis-tasks';
import { AuthModule, HealthModule, MetricsModule } from '@askflash/service-kit';
import { Database, TypeormEntitiesModule } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_PIPE } from '@nestjs/core';
import { ZodValidationPipe } from 'nestjs-zod';
import { AnalyticsModule } from './analytics/analytics.module';
import { OwnUserGuard } from './auth/own-user.guard';
import { DeadLettersModule } from './dead-letters/dead-letters.module';
import { EngineLifecycle } from './engine/engine-lifecycle';
import { EngineModule } from './engine/engine.module';
import { healthChecks } from './health-checks';
import { QueuesModule } from './queues/queues.module';
import { TasksModule } from './tasks/tasks.module';
import { TemplatesModule } from './templates/templates.module';
import { WhyModule } from './why/why.module';

export const APP_NAME = 'coordinator';

/** The coordinator, with its configuration. */
@Module({})
export class AppModule {
  static register(config: ConfigOf<typeof COORDINATOR_CONFIG>): DynamicModule {
    const engineModule = EngineModule.register(config);
    return {
      module: AppModule,
      imports: [
        TypeormEntitiesModule.forRoot({
          url: config.databaseUrl,
          applicationName: APP_NAME,
          plansForGrowth: true,
        }),
        MessagingModule.forRoot({ url: config.rabbitmqUrl, appName: APP_NAME }),
        RedisTasksModule.forRoot({ url: config.redisUrl, keyPrefix: config.redisKeyPrefix }),
        MetricsModule.register({ appName: APP_NAME }),
        HealthModule.registerAsync({
          imports: [engineModule],
          inject: [Database, MessagingStatus, EngineLifecycle],
          useFactory: (
            database: Database,
            messaging: MessagingStatus,
            engine: EngineLifecycle,
          ) => ({
            checks: healthChecks({ database, messaging, engine }),
          }),
        }),
        AuthModule.register(config, OwnUserGuard),
        TasksModule.register(engineModule),
        WhyModule.register(config, engineModule),
        TemplatesModule,
        DeadLettersModule.register(config),
        QueuesModule.register(config),
        AnalyticsModule,
      ],
      providers: [{ provide: APP_PIPE, useClass: ZodValidationPipe }],
    };
  }
}
