import { HealthChecks, type HealthCheckResult } from '@askflash/service-kit';
import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';

/** Each dependency as gauges, checked anew at each scrape; one run of the checks serves both. */
@Injectable()
export class DependencyMetrics {
  constructor(
    private readonly checks: HealthChecks,
    private readonly registry: Registry,
  ) {
    this.gauge('mcp_dependency_up', '1 where the dependency can be used, else 0', ({ status }) =>
      status === 'up' ? 1 : 0,
    );
    this.gauge(
      'mcp_dependency_latency_seconds',
      'How long the dependency took to answer its health check, or to fail it',
      ({ latencyMs }) => latencyMs / 1000,
    );
  }

  private gauge(name: string, help: string, valueOf: (result: HealthCheckResult) => number): void {
    const { checks } = this;
    new Gauge({
      name,
      help,
      labelNames: ['dependency'],
      registers: [this.registry],
      async collect() {
        const report = await checks.run();
        for (const [dependency, result] of Object.entries(report.checks)) {
          this.set({ dependency }, valueOf(result));
        }
      },
    });
  }
}
