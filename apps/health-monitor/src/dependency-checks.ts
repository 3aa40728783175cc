import { BrokerUnreachableError, type MessagingStatus } from '@askflash/messaging';
import type { RedisTasks } from '@askflash/redis-tasks';
import type { HealthCheck } from '@askflash/service-kit';
import { assertSchemaCurrent, type Database } from '@askflash/typeorm-entities';
import type { BrokerView } from './broker-view';

/** What the stack consists of, over the connections of this app. */
export interface Dependencies {
  readonly database: Database;
  readonly redisTasks: RedisTasks;
  readonly messaging: MessagingStatus;
  readonly broker: BrokerView;
}

/** The servers, and what migration-runner and queue-init make of them. */
export function dependencyChecks(dependencies: Dependencies): HealthCheck[] {
  const { database, redisTasks, messaging, broker } = dependencies;
  return [
    { name: 'postgres', check: async () => void (await database.ping()) },
    {
      name: 'schema',
      check: async () => {
        await database.ping();
        await assertSchemaCurrent(database.dataSource);
      },
    },
    { name: 'redis', check: async () => void (await redisTasks.ping()) },
    { name: 'rabbitmq', check: async () => assertPublishing(messaging) },
    {
      name: 'topology',
      check: async () => {
        await broker.assertTopologyCurrent();
        return { workQueuesWithoutConsumer: await broker.workQueuesWithoutConsumer() };
      },
    },
  ];
}

function assertPublishing(messaging: MessagingStatus): void {
  const { connected, blocked } = messaging.snapshot().publisher;
  if (!connected) throw new BrokerUnreachableError('There is no connection to RabbitMQ');
  if (blocked) {
    throw new BrokerUnreachableError('RabbitMQ takes no messages, being short of memory or disk');
  }
}
