import type { COORDINATOR_CONFIG, ConfigOf } from '@askflash/config';
import { checkExposure, createHttpApp } from '@askflash/service-kit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { APP_NAME, AppModule } from './app.module';
import { limitRates } from './auth/limit-rates';
import { BusyReadsInterceptor } from './busy-reads.interceptor';
import { serveDocs } from './openapi/serve-docs';
import { ERROR_STATUSES } from './error-statuses';

/**
 * The coordinator, ready to `listen`.
 *
 * @throws {KeysNotConfiguredError} others than this machine would reach it, and it has no keys
 */
export async function createApp(
  config: ConfigOf<typeof COORDINATOR_CONFIG>,
): Promise<NestFastifyApplication> {
  checkExposure(config);
  const app = await createHttpApp(AppModule.register(config), {
    appName: APP_NAME,
    level: config.logLevel,
    statuses: ERROR_STATUSES,
    tracing: { config },
    tls: config,
  });
  app.useGlobalInterceptors(new BusyReadsInterceptor());
  await limitRates(app, config.keyRequestsPerMinute);
  serveDocs(app);
  return app;
}
