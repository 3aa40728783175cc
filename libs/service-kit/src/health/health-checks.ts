import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { ServiceStoppingError } from '../errors';
import { runHealthChecks, type HealthReport } from './health-check';
import { HEALTH_OPTIONS, type HealthModuleOptions } from './health.options';

/** The checks of an app; not ready while it shuts down. */
@Injectable()
export class HealthChecks implements BeforeApplicationShutdown {
  private running: Promise<HealthReport> | undefined;
  private stopping = false;

  constructor(@Inject(HEALTH_OPTIONS) private readonly options: HealthModuleOptions) {}

  /** Runs every check; whoever asks while a run is under way gets the result of that run. */
  run(): Promise<HealthReport> {
    const { checks, timeoutMs = 2000 } = this.options;
    const all = this.stopping ? [...checks, STOPPING] : checks;
    this.running ??= runHealthChecks(all, timeoutMs).finally(() => (this.running = undefined));
    return this.running;
  }

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}

const STOPPING = {
  name: 'service',
  check: () => Promise.reject(new ServiceStoppingError('The service is shutting down')),
};
