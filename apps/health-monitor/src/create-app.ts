import type { ConfigOf, HEALTH_MONITOR_CONFIG } from '@askflash/config';
import { AUTH_ERROR_STATUSES, checkExposure, createHttpApp } from '@askflash/service-kit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { APP_NAME, HealthMonitorModule } from './health-monitor.module';
import { RunbookNotFoundError } from './runbooks/errors';

/**
 * The health-monitor, ready to `listen`.
 *
 * @throws {KeysNotConfiguredError} others than this machine would reach it, and it has no keys
 */
export async function createApp(
  config: ConfigOf<typeof HEALTH_MONITOR_CONFIG>,
): Promise<NestFastifyApplication> {
  checkExposure(config);
  return createHttpApp(HealthMonitorModule.register(config), {
    appName: APP_NAME,
    level: config.logLevel,
    statuses: { ...AUTH_ERROR_STATUSES, [RunbookNotFoundError.code]: 404 },
    tracing: { config },
    tls: config,
  });
}
