import type { ApiKey } from '@askflash/config';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard } from './api-key.guard';
import { ApiKeys } from './api-keys';

/** Guards every route of the app by API keys; `@Roles()` says which roles a route is for. */
@Module({})
export class AuthModule {
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
      ],
      exports: [ApiKeys],
    };
  }
}
