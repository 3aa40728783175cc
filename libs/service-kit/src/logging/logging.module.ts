import { RequestMethod, type DynamicModule, type LoggerService, type Type } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger, LoggerModule, PinoLogger } from 'nestjs-pino';
import type { Logger as Pino } from 'pino';
import { QUIET_PATHS } from '../http/quiet-paths';
import { createLogger, type LoggingOptions } from './create-logger';

/**
 * Logs an app's requests, and puts the request's id into whatever Nest's `Logger` and the
 * injectable `PinoLogger` write meanwhile. A request's query string, headers and body are never
 * logged. `createHttpApp` and `createStandaloneApp` bring it along.
 */
export class LoggingModule {
  static forRoot(logging: LoggingOptions): DynamicModule {
    return loggerModule(createLogger(logging));
  }
}

/** The module, with logging beside it, and what has to come before all others. */
export function withLogging(
  module: Type | DynamicModule,
  logger: Pino,
  before: readonly DynamicModule[] = [],
): DynamicModule {
  return { module: ServiceModule, imports: [...before, loggerModule(logger), module] };
}

class ServiceModule {}

/** Lets Nest log through a logger from its first line on, so that a start that hangs is not silent. */
export function nestLogger(logger: Pino): LoggerService {
  return new Logger(new PinoLogger({ pinoHttp: { logger } }), {});
}

function loggerModule(logger: Pino): DynamicModule {
  return LoggerModule.forRoot({
    forRoutes: [{ path: '/{*path}', method: RequestMethod.ALL }],
    // From the first request it sees on, whatever is awaited costs more, as it carries the request's id.
    exclude: QUIET_PATHS.map((path) => ({ path: `${path}{/*rest}`, method: RequestMethod.ALL })),
    pinoHttp: {
      logger,
      serializers: { req: describeRequest, res: describeResponse },
      wrapSerializers: false,
      customLogLevel: (_request, response, error) => {
        if (error || response.statusCode >= 500) return 'error';
        return response.statusCode >= 400 ? 'warn' : 'info';
      },
    },
  });
}

/** Nest's middleware sees `url` cut down to what its own path leaves; `originalUrl` is whole. */
function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  return (request.originalUrl ?? request.url ?? '').split('?')[0] ?? '';
}

function describeRequest(request: IncomingMessage): object {
  return { id: request.id, method: request.method, path: pathOf(request) };
}

function describeResponse(response: ServerResponse): object {
  return { statusCode: response.statusCode };
}
