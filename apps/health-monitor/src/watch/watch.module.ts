import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { Canaries, MessagingStatus, QueueCounts } from '@askflash/messaging';
import { RedisTasks } from '@askflash/redis-tasks';
import { HealthChecks } from '@askflash/service-kit';
import { Database } from '@askflash/typeorm-entities';
import { Module, type DynamicModule } from '@nestjs/common';
import { AgentAssessor } from '../agents/agent-assessor';
import { BrokerView } from '../broker-view';
import { CanaryRounds } from '../canary/canary-rounds';
import { ConditionJournal } from '../conditions/condition-journal';
import { Observer } from '../observe/observer';
import { Watch } from './watch';
import { WatchLifecycle } from './watch-lifecycle';

/** The watch and what it is made of; starts and ends with the app. */
@Module({})
export class WatchModule {
  static register(
    config: ConfigOf<typeof HEALTH_MONITOR_CONFIG>,
    imports: readonly DynamicModule[],
  ): DynamicModule {
    const { checkTimeoutMs: timeoutMs, intervalMs, canaryIntervalMs } = config;
    const { agentGoneAfterMs: goneAfterMs } = config;
    return {
      module: WatchModule,
      imports: [...imports],
      providers: [
        {
          provide: CanaryRounds,
          inject: [Canaries],
          useFactory: (canaries: Canaries) => new CanaryRounds(canaries),
        },
        {
          provide: Observer,
          inject: [
            HealthChecks,
            MessagingStatus,
            QueueCounts,
            BrokerView,
            CanaryRounds,
            Database,
            RedisTasks,
          ],
          useFactory: (
            checks: HealthChecks,
            messaging: MessagingStatus,
            queueCounts: QueueCounts,
            broker: BrokerView,
            rounds: CanaryRounds,
            database: Database,
            redisTasks: RedisTasks,
          ) =>
            new Observer({
              checks,
              messaging,
              queueCounts,
              broker,
              rounds,
              database,
              redisTasks,
              timeoutMs,
            }),
        },
        {
          provide: Watch,
          inject: [Observer, CanaryRounds, ConditionJournal, Database, MessagingStatus],
          useFactory: (
            observer: Observer,
            rounds: CanaryRounds,
            journal: ConditionJournal,
            database: Database,
            messaging: MessagingStatus,
          ) =>
            new Watch({
              observer,
              rounds,
              journal,
              assessor: new AgentAssessor(database, { canaryIntervalMs, goneAfterMs }),
              messaging,
              intervalMs,
              thresholds: config,
            }),
        },
        WatchLifecycle,
      ],
      exports: [Watch],
    };
  }
}
