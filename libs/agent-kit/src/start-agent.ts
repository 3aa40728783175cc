import { createHttpApp } from '@askflash/service-kit';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AgentAppModule } from './agent-app.module';
import { AgentServer, type AgentServerOptions } from './agent-server';

/** What to make an agent of. */
export interface StartAgentOptions extends Omit<AgentServerOptions, 'registry'> {
  /** Name of the process in logs and metrics: `embedding-agent`. */
  readonly appName: string;
  /** Has the class with `@Agent` among its controllers. */
  readonly module: Type | DynamicModule;
}

/**
 * Starts an agent: `/health/live`, `/health/ready` and `/metrics` over HTTP at once, its stages as soon
 * as the broker is there.
 *
 * @throws {AgentDefinitionInvalidError} a handler that does not fit the registry
 * @throws {TopologyMissingError} its queue is not declared
 */
export async function startAgent({
  module,
  ...options
}: StartAgentOptions): Promise<NestFastifyApplication> {
  const { appName, config, instanceId } = options;
  const app = await createHttpApp(AgentAppModule.around(module, options), {
    appName,
    level: config.logLevel,
    tracing: { config, instanceId },
    tls: config,
  });
  app.connectMicroservice({ strategy: app.get(AgentServer) });
  try {
    await app.listen(config.port, config.httpHost);
    await app.startAllMicroservices();
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
