import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { MessagingModule, MessagingStatus, RabbitmqManagement, vhostOf } from '@askflash/messaging';
import { RedisTasks, RedisTasksModule } from '@askflash/redis-tasks';
import { HealthModule, MetricsModule } from '@askflash/service-kit';
import { Database, TypeormEntitiesModule } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { BrokerView } from './broker-view';
import { dependencyChecks } from './dependency-checks';
import { AgentHealthWriter } from './agents/agent-health-writer';
import { HeartbeatConsumer } from './agents/heartbeat-consumer';
import { DependencyMetrics } from './metrics/dependency-metrics';
import { QueueMetrics } from './metrics/queue-metrics';

export const APP_NAME = 'health-monitor';

type HealthMonitorConfig = ConfigOf<typeof HEALTH_MONITOR_CONFIG>;

/** Watches the stack: readiness and metrics of its servers, and heartbeats of its agents. */
@Module({})
export class HealthMonitorModule {
  static register(config: HealthMonitorConfig): DynamicModule {
    const broker = brokerModule(config);
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
        broker,
        HealthModule.registerAsync({
          imports: [broker],
          inject: [Database, RedisTasks, MessagingStatus, BrokerView],
          useFactory: (
            database: Database,
            redisTasks: RedisTasks,
            messaging: MessagingStatus,
            broker: BrokerView,
          ) => ({
            checks: dependencyChecks({ database, redisTasks, messaging, broker }),
            timeoutMs: config.checkTimeoutMs,
          }),
        }),
      ],
      providers: [AgentHealthWriter, HeartbeatConsumer, DependencyMetrics, QueueMetrics],
    };
  }
}

@Module({})
class BrokerViewModule {}

function brokerModule({
  rabbitmqManagementUrl,
  rabbitmqUrl,
  checkTimeoutMs,
}: HealthMonitorConfig): DynamicModule {
  return {
    module: BrokerViewModule,
    providers: [
      {
        provide: BrokerView,
        useFactory: () =>
          new BrokerView(
            new RabbitmqManagement(rabbitmqManagementUrl, { timeoutMs: checkTimeoutMs }),
            vhostOf(rabbitmqUrl),
          ),
      },
    ],
    exports: [BrokerView],
  };
}
