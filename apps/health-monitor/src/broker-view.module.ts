import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { RabbitmqManagement, vhostOf } from '@askflash/messaging';
import { Module, type DynamicModule } from '@nestjs/common';
import { BrokerView } from './broker-view';

/** Gives the app its `BrokerView`, everywhere. */
@Module({})
export class BrokerViewModule {
  static register({
    rabbitmqManagementUrl,
    rabbitmqUrl,
    checkTimeoutMs,
  }: ConfigOf<typeof HEALTH_MONITOR_CONFIG>): DynamicModule {
    const management = new RabbitmqManagement(rabbitmqManagementUrl, { timeoutMs: checkTimeoutMs });
    return {
      module: BrokerViewModule,
      global: true,
      providers: [
        { provide: BrokerView, useValue: new BrokerView(management, vhostOf(rabbitmqUrl)) },
      ],
      exports: [BrokerView],
    };
  }
}
