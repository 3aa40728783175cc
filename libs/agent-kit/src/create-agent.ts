import { createMicroservice } from '@askflash/service-kit';
import type { DynamicModule, INestMicroservice, Type } from '@nestjs/common';
import { AgentServer, type AgentServerOptions } from './agent-server';
import { StageExceptionFilter } from './stage-exception.filter';

/** What to make an agent of. */
export interface CreateAgentOptions extends AgentServerOptions {
  /** Name of the process in logs: `embedding-agent`. */
  readonly appName: string;
  /** Has the class with `@Agent` among its controllers. */
  readonly module: Type | DynamicModule;
}

/** Creates an agent as a Nest microservice, ready to `listen`. */
export async function createAgent({
  appName,
  module,
  ...options
}: CreateAgentOptions): Promise<INestMicroservice> {
  const app = await createMicroservice(module, {
    appName,
    level: options.config.logLevel,
    strategy: new AgentServer(options),
  });
  app.useGlobalFilters(new StageExceptionFilter());
  return app;
}
