import { Module } from '@nestjs/common';
import { HealthChecks } from './health-checks';
import { HealthController } from './health.controller';
import { ConfigurableModuleClass } from './health.options';

/**
 * `GET /health/live` and `GET /health/ready` over an app's checks: `register({ checks })`, or
 * `registerAsync({ inject, useFactory })` where the checks use the app's providers.
 */
@Module({ controllers: [HealthController], providers: [HealthChecks], exports: [HealthChecks] })
export class HealthModule extends ConfigurableModuleClass {}
