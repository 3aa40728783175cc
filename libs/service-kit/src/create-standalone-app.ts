import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createLogger, type LoggingOptions } from './logging/create-logger';
import { nestLogger, withLogging } from './logging/logging.module';

/**
 * Creates and initialises a Nest application without HTTP: an agent, a worker.
 *
 * @throws what the module's providers throw; Nest does not end the process
 */
export function createStandaloneApp(
  module: Type | DynamicModule,
  logging: LoggingOptions,
): Promise<INestApplicationContext> {
  const logger = createLogger(logging);
  return NestFactory.createApplicationContext(withLogging(module, logger), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
}
