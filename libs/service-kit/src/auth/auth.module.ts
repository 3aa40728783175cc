import type { ApiKey } from '@askflash/config';
import {
  Logger,
  Module,
  type CanActivate,
  type DynamicModule,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyGuard } from './api-key.guard';
import { ApiKeys } from './api-keys';

/** Guards every route of the app by API keys; `@AllowRoles()` says which roles a route is for. */
@Module({})
export class AuthModule implements OnModuleInit {
  private readonly logger = new Logger(AuthModule.name);

  constructor(private readonly keys: ApiKeys) {}

  /** @param guards asked after the key, in this order: they may rely on `callerOf` */
  static register(
    { apiKeys = [] }: { readonly apiKeys?: readonly ApiKey[] | undefined },
    ...guards: Type<CanActivate>[]
  ): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      providers: [
        { provide: ApiKeys, useValue: new ApiKeys(apiKeys) },
        ...[ApiKeyGuard, ...guards].map((guard) => ({ provide: APP_GUARD, useClass: guard })),
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
