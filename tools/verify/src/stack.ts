import type { ConfigOf, VERIFY_CONFIG } from '@askflash/config';
import {
  BrokerUnreachableError,
  connectMessaging,
  openConnection,
  type Messaging,
} from '@askflash/messaging';
import { connectRedisTasks, type RedisTasks } from '@askflash/redis-tasks';
import { until } from '@askflash/scenario-kit';
import { createDataSource } from '@askflash/typeorm-entities';
import type { ChannelModel } from 'amqplib';
import { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { connectRedis } from './connect-redis';

const APP_NAME = 'verify';
const CONNECT_TIMEOUT_MS = 5_000;
const SILENT = { log: () => undefined, warn: () => undefined };

export type VerifyConfig = ConfigOf<typeof VERIFY_CONFIG>;

/**
 * The servers of the stack. Each connection is made when it is first asked for: by the plain client
 * where a scenario is about the server, by the backbone's library where it is about the flow.
 */
export class Stack {
  private readonly closers: (() => unknown)[] = [];
  private connections: {
    dataSource?: Promise<DataSource>;
    redis?: Promise<Redis>;
    broker?: Promise<ChannelModel>;
    messaging?: Promise<Messaging>;
    redisTasks?: Promise<RedisTasks>;
  } = {};

  constructor(readonly config: VerifyConfig) {}

  /** @throws what TypeORM throws where PostgreSQL cannot be reached */
  dataSource(): Promise<DataSource> {
    return (this.connections.dataSource ??= this.openDataSource());
  }

  /** @throws {RedisUnreachableError} */
  redis(): Promise<Redis> {
    return (this.connections.redis ??= this.openRedis());
  }

  /** @throws {BrokerUnreachableError} */
  broker(): Promise<ChannelModel> {
    return (this.connections.broker ??= this.openBroker());
  }

  /** @throws {BrokerUnreachableError} */
  messaging(): Promise<Messaging> {
    return (this.connections.messaging ??= this.openMessaging());
  }

  redisTasks(): Promise<RedisTasks> {
    return (this.connections.redisTasks ??= this.openRedisTasks());
  }

  /** Closes whatever was opened; never throws. */
  async close(): Promise<void> {
    await Promise.allSettled(this.closers.map(async (close) => close()));
  }

  private async openDataSource(): Promise<DataSource> {
    const dataSource = createDataSource({
      url: this.config.databaseUrl,
      applicationName: APP_NAME,
    });
    await dataSource.initialize();
    this.closers.push(() => dataSource.destroy());
    return dataSource;
  }

  private async openRedis(): Promise<Redis> {
    const redis = await connectRedis(this.config.redisUrl);
    this.closers.push(() => redis.disconnect());
    return redis;
  }

  private async openBroker(): Promise<ChannelModel> {
    const broker = await openConnection(this.config.rabbitmqUrl, {
      name: APP_NAME,
      timeoutMs: CONNECT_TIMEOUT_MS,
    });
    this.closers.push(() => broker.close());
    return broker;
  }

  private async openMessaging(): Promise<Messaging> {
    const messaging = await connectMessaging({
      url: this.config.rabbitmqUrl,
      appName: APP_NAME,
      logger: SILENT,
    });
    this.closers.push(() => messaging.close({ graceMs: 0 }));
    if (!(await until(() => messaging.status.snapshot().ready, CONNECT_TIMEOUT_MS))) {
      throw new BrokerUnreachableError(messaging.status.snapshot().reasons.join('; '));
    }
    return messaging;
  }

  private async openRedisTasks(): Promise<RedisTasks> {
    const { redisUrl, redisKeyPrefix } = this.config;
    const tasks = connectRedisTasks({ url: redisUrl, keyPrefix: redisKeyPrefix });
    this.closers.push(() => tasks.close());
    return tasks;
  }
}
