import {
  startPostgresPair,
  startRabbitmqCluster,
  startRedisCluster,
  type PostgresPair,
  type RabbitmqCluster,
  type RedisCluster,
  type TestServers,
} from '@askflash/testing';
import { nodeUrls } from '@askflash/config';

/** A cluster of each server: no single one of them is needed. */
export class ClusterServers {
  private constructor(
    readonly postgres: PostgresPair,
    readonly redis: RedisCluster,
    readonly rabbitmq: RabbitmqCluster,
  ) {}

  /** @throws {Error} where one of them does not start; those that did are stopped */
  static async start(): Promise<ClusterServers> {
    const starts = await Promise.allSettled([
      startPostgresPair(),
      startRedisCluster(),
      startRabbitmqCluster(),
    ]);
    const [postgres, redis, rabbitmq] = starts;
    if (
      postgres.status === 'fulfilled' &&
      redis.status === 'fulfilled' &&
      rabbitmq.status === 'fulfilled'
    ) {
      return new ClusterServers(postgres.value, redis.value, rabbitmq.value);
    }
    for (const start of starts) if (start.status === 'fulfilled') await start.value.stop();
    throw starts.find((start) => start.status === 'rejected')?.reason;
  }

  /** What apps are told: every node. */
  get env(): TestServers {
    return { ...this.postgres.env, ...this.redis.env, ...this.rabbitmq.env };
  }

  /** One node of each while all of them run, for clients that know no others: the checks are such. */
  async envOfOneEach(): Promise<TestServers> {
    const [master] = await this.redis.masters();
    const redis = new URL(nodeUrls(this.redis.env.REDIS_URL)[0]);
    redis.port = String(master?.port);
    return {
      DATABASE_URL: this.postgres.primaryUrl(),
      REDIS_URL: redis.href,
      RABBITMQ_URL: nodeUrls(this.rabbitmq.env.RABBITMQ_URL)[0],
      RABBITMQ_MANAGEMENT_URL: nodeUrls(this.rabbitmq.env.RABBITMQ_MANAGEMENT_URL)[0],
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres.stop(), this.redis.stop(), this.rabbitmq.stop()]);
  }
}
