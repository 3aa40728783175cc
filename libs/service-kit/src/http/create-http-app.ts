import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, type LoggingOptions } from '../logging/create-logger';
import { nestLogger, withLogging } from '../logging/logging.module';
import { startTracing, type TracingOptions } from '../tracing/start-tracing';
import { traceRequests } from '../tracing/trace-requests';
import { TracingModule } from '../tracing/tracing.module';
import type { StatusByErrorCode } from './problem';
import { ProblemFilter } from './problem.filter';

/** The largest request body, in bytes. */
export const BODY_LIMIT_BYTES = 1024 * 1024;

export interface HttpAppOptions extends LoggingOptions {
  /** The HTTP status of each error the app answers with, by code; 500 where not listed. */
  readonly statuses?: StatusByErrorCode;
  /** What its traces are made with; none are made without. */
  readonly tracing?: Omit<TracingOptions, 'appName'>;
}

/**
 * Creates a service's Nest application on Fastify, ready to `listen`: JSON logs, a body limit of
 * 1 MiB, errors as `application/problem+json`, traces where they are wanted.
 *
 * @throws what the module's providers throw; Nest does not end the process
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  { statuses = {}, tracing: wanted, ...logging }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const logger = createLogger(logging);
  const tracing = wanted && (await startTracing({ appName: logging.appName, ...wanted }));
  const before = tracing ? [TracingModule.ending(tracing)] : [];
  const app = await NestFactory.create<NestFastifyApplication>(
    withLogging(module, logger, before),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES }),
    { logger: nestLogger(logger), abortOnError: false },
  );
  if (tracing) traceRequests(app.getHttpAdapter().getInstance());
  app.useGlobalFilters(new ProblemFilter(app.getHttpAdapter(), statuses));
  return app;
}
