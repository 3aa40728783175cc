import type { DynamicModule, INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import { createLogger, type LoggingOptions } from './logging/create-logger';
import { nestLogger, withLogging } from './logging/logging.module';

export interface MicroserviceOptions extends LoggingOptions {
  /** How its messages come in. */
  readonly strategy: CustomStrategy['strategy'];
}

/**
 * Creates a Nest microservice over a transport of its own, ready to `listen`.
 *
 * @throws what the module's providers throw; Nest does not end the process
 */
export function createMicroservice(
  module: Type | DynamicModule,
  { strategy, ...logging }: MicroserviceOptions,
): Promise<INestMicroservice> {
  const logger = createLogger(logging);
  return NestFactory.createMicroservice<CustomStrategy>(withLogging(module, logger), {
    strategy,
    logger: nestLogger(logger),
    abortOnError: false,
  });
}
