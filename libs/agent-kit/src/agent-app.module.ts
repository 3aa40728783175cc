import { HealthModule, MetricsModule } from '@askflash/service-kit';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AgentServer, type AgentServerOptions } from './agent-server';

/** An agent's own module with what every agent has beside it: its server, health and metrics. */
@Module({})
export class AgentAppModule {
  static around(
    agent: Type | DynamicModule,
    { appName, ...options }: Omit<AgentServerOptions, 'registry'> & { readonly appName: string },
  ): DynamicModule {
    return {
      module: AgentAppModule,
      global: true,
      imports: [
        agent,
        MetricsModule.register({ appName }),
        HealthModule.registerAsync({
          inject: [AgentServer],
          useFactory: (server: AgentServer) => ({
            checks: [{ name: 'rabbitmq', check: async () => server.assertReady() }],
          }),
        }),
      ],
      providers: [
        {
          provide: AgentServer,
          inject: [Registry],
          useFactory: (registry: Registry) => new AgentServer({ ...options, registry }),
        },
      ],
      exports: [AgentServer],
    };
  }
}
