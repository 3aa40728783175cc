import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { HealthCheck } from './health-check';

export interface HealthModuleOptions {
  readonly checks: readonly HealthCheck[];
  /** How long a check may take that says nothing of its own, in milliseconds; 2000 if not given. */
  readonly timeoutMs?: number;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: HEALTH_OPTIONS } =
  new ConfigurableModuleBuilder<HealthModuleOptions>().build();
