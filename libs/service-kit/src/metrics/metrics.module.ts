import { Module, type DynamicModule } from '@nestjs/common';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { MetricsController } from './metrics.controller';

/**
 * `GET /metrics` in Prometheus's text format. An app's own metrics join by naming the injected
 * `Registry` of prom-client in their `registers`.
 */
@Module({})
export class MetricsModule {
  static register({ appName }: { readonly appName: string }): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [{ provide: Registry, useFactory: () => createRegistry(appName) }],
      exports: [Registry],
    };
  }
}

function createRegistry(app: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}
