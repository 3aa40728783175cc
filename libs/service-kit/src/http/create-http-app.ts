import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, type LoggingOptions } from '../logging/create-logger';
import { nestLogger, withLogging } from '../logging/logging.module';
import { startTracing } from '../tracing/start-tracing';
import type { TracingOptions } from '../tracing/tracing-options';
import { traceRequests } from '../tracing/trace-requests';
import { TracingModule } from '../tracing/tracing.module';
import { followRenewals, readHttpTls, type HttpTlsFiles } from './http-tls';
import { limitDepth } from './limit-depth';
import type { StatusByErrorCode } from './problem';
import { ProblemFilter } from './problem.filter';
import { SERVER_LIMITS, SLOW_CLIENT_LIMITS, limitClosing, limitConnections } from './server-limits';

const NO_TLS: HttpTlsFiles = { httpTlsCertFile: undefined, httpTlsKeyFile: undefined };

export interface HttpAppOptions extends LoggingOptions {
  /** The HTTP status of each error the app answers with, by code; 500 where not listed. */
  readonly statuses?: StatusByErrorCode;
  /** What its traces are made with; none are made without. */
  readonly tracing?: Omit<TracingOptions, 'appName'>;
  /** Where it finds certificate and key; it speaks plain text without. */
  readonly tls?: HttpTlsFiles;
}

/**
 * Creates a service's Nest application on Fastify, ready to `listen`: JSON logs, a body limit of
 * 1 MiB, errors as `application/problem+json`, no patience with slow clients, traces and TLS where
 * they are wanted.
 *
 * @throws {HttpTlsInvalidError} no client could connect by its certificate
 * @throws what the module's providers throw; Nest does not end the process
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  { statuses = {}, tracing: wanted, tls: files = NO_TLS, ...logging }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const logger = createLogger(logging);
  const https = readHttpTls(files);
  const tracing = wanted && (await startTracing({ appName: logging.appName, ...wanted }));
  const before = tracing ? [TracingModule.ending(tracing)] : [];
  const app = await NestFactory.create<NestFastifyApplication>(
    withLogging(module, logger, before),
    new FastifyAdapter({
      ...SERVER_LIMITS,
      ...(https ? { https: { ...SLOW_CLIENT_LIMITS, ...https } } : { http: SLOW_CLIENT_LIMITS }),
    }),
    { logger: nestLogger(logger), abortOnError: false },
  );
  followRenewals(app.getHttpServer(), files, {
    tell: (error) => logger.error(error, 'The renewed certificate cannot be used'),
  });
  if (tracing) traceRequests(app.getHttpAdapter().getInstance());
  limitDepth(app.getHttpAdapter().getInstance());
  limitConnections(app.getHttpServer());
  limitClosing(app.getHttpAdapter().getInstance());
  app.useGlobalFilters(new ProblemFilter(app.getHttpAdapter(), statuses));
  return app;
}
