import { Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { measureRequests } from './measure-requests';
import { MetricsController } from './metrics.controller';

/**
 * `GET /metrics` in Prometheus's text format. An app's own metrics join by naming the injected
 * `Registry` of prom-client in their `registers`. Requests over HTTP are measured where there are any.
 */
@Module({})
export class MetricsModule implements OnModuleInit {
  constructor(
    private readonly registry: Registry,
    private readonly host: HttpAdapterHost<FastifyAdapter>,
  ) {}

  static register({ appName }: { readonly appName: string }): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [{ provide: Registry, useFactory: () => createRegistry(appName) }],
      exports: [Registry],
    };
  }

  onModuleInit(): void {
    // An app without HTTP has no adapter.
    const http: FastifyAdapter | undefined = this.host.httpAdapter;
    if (http) measureRequests(http.getInstance(), this.registry);
  }
}

function createRegistry(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}
