import type { ApiKey } from '@askflash/config';
import { Logger, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard } from './api-key.guard';
import { ApiKeys } from './api-keys';
import { OwnUserGuard } from './own-user.guard';

/** Guards every route of the app by API keys; `@Roles()` says which roles a route is for. */
@Module({})
export class AuthModule implements OnModuleInit {
  private readonly logger = new Logger(AuthModule.name);

  constructor(private readonly keys: ApiKeys) {}

  static register({
    apiKeys = [],
  }: {
    readonly apiKeys?: readonly ApiKey[] | undefined;
  }): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      providers: [
        { provide: ApiKeys, useValue: new ApiKeys(apiKeys) },
        { provide: APP_GUARD, useClass: ApiKeyGuard },
        { provide: APP_GUARD, useClass: OwnUserGuard },
      ],
      exports: [ApiKeys],
    };
  }

  onModuleInit(): void {
    if (this.keys.configured) return;
    this.logger.warn(
      'No API keys are configured: it binds to loopback only, and whoever reaches it there may do everything',
    );
  }
}
