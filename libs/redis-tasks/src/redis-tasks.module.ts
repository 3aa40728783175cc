import { RedisModule, getRedisConnectionToken } from '@nestjs-modules/ioredis';
import {
  Inject,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { connectionOptions, type RedisClient } from './redis-client';
import { RedisTasks } from './redis-tasks';
import type { RedisStatus, RedisTasksOptions } from './types';

const CONNECTION = 'redis-tasks';

/** Provides {@link RedisTasks} to the whole app, and closes it last when the app shuts down. */
@Module({})
export class RedisTasksModule implements OnApplicationShutdown {
  constructor(@Inject(RedisTasks) private readonly tasks: RedisTasks) {}

  /** Import once, in the app's root module. The app starts whether Redis is up or not. */
  static forRoot({ url, ...options }: RedisTasksOptions): DynamicModule {
    const onStatusChange = options.onStatusChange ?? logStatus;
    return {
      module: RedisTasksModule,
      global: true,
      // By a factory: `forRoot` would connect as soon as the module is described.
      imports: [RedisModule.forRootAsync({ useFactory: () => connectionOptions(url) }, CONNECTION)],
      providers: [
        {
          provide: RedisTasks,
          inject: [getRedisConnectionToken(CONNECTION)],
          useFactory: (client: RedisClient) =>
            new RedisTasks(client, { ...options, onStatusChange }),
        },
      ],
      exports: [RedisTasks],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tasks.close();
  }
}

const logger = new Logger('RedisTasks');

function logStatus(status: RedisStatus, reason?: string): void {
  if (status === 'ready') logger.log('Redis is ready');
  else logger.warn(`Redis is ${status}: ${reason}`);
}
