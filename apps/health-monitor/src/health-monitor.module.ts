import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { MessagingModule, MessagingStatus } from '@askflash/messaging';
import { RedisTasks, RedisTasksModule } from '@askflash/redis-tasks';
import { AuthModule, HealthModule, MetricsModule } from '@askflash/service-kit';
import { Database, TypeormEntitiesModule } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { HeartbeatConsumer } from './agents/heartbeat-consumer';
import { BrokerView } from './broker-view';
import { BrokerViewModule } from './broker-view.module';
import { JournalModule } from './conditions/journal.module';
import { dependencyChecks } from './dependency-checks';
import { DependencyMetrics } from './metrics/dependency-metrics';
import { WatchMetrics } from './metrics/watch-metrics';
import { RetentionModule } from './retention/retention.module';
import { StatusModule } from './status/status.module';
import { WatchModule } from './watch/watch.module';

export const APP_NAME = 'health-monitor';

type HealthMonitorConfig = ConfigOf<typeof HEALTH_MONITOR_CONFIG>;

/** Watches the stack: its servers, its queues, its agents, and what is wrong with them. */
@Module({})
export class HealthMonitorModule {
  static register(config: HealthMonitorConfig): DynamicModule {
    const health = healthModule(config);
    const watch = WatchModule.register(config, [health, JournalModule.register(config)]);
    return {
      module: HealthMonitorModule,
      imports: [
        TypeormEntitiesModule.forRoot({
          url: config.databaseUrl,
          applicationName: APP_NAME,
          poolSize: 4,
        }),
        RedisTasksModule.forRoot({ url: config.redisUrl, keyPrefix: config.redisKeyPrefix }),
        MessagingModule.forRoot({ url: config.rabbitmqUrl, appName: APP_NAME }),
        MetricsModule.register({ appName: APP_NAME }),
        AuthModule.register(config),
        BrokerViewModule.register(config),
        health,
        watch,
        StatusModule.register(config, watch),
        RetentionModule.register(config),
      ],
      providers: [HeartbeatConsumer, DependencyMetrics, WatchMetrics],
    };
  }
}

function healthModule({ checkTimeoutMs }: HealthMonitorConfig): DynamicModule {
  return HealthModule.registerAsync({
    inject: [Database, RedisTasks, MessagingStatus, BrokerView],
    useFactory: (
      database: Database,
      redisTasks: RedisTasks,
      messaging: MessagingStatus,
      broker: BrokerView,
    ) => ({
      checks: dependencyChecks({ database, redisTasks, messaging, broker }),
      timeoutMs: checkTimeoutMs,
    }),
  });
}
