import { pino, type DestinationStream, type Logger } from 'pino';
import { redactUrls } from '../failure/redact';
import { traceIds } from './trace-ids';

/** Who logs, and how much. */
export interface LoggingOptions {
  /** The app's name; stands in every line. */
  readonly appName: string;
  /** The least severe level that is logged: `info`. */
  readonly level: string;
  /** Where the lines go; standard output where not given. */
  readonly destination?: DestinationStream;
}

/**
 * A logger that writes one JSON object a line to standard output, with authorization headers and
 * the credentials of URLs struck out. For jobs and tools; services get theirs from LoggingModule.
 */
export function createLogger({
  appName,
  level,
  destination = pino.destination({ dest: 1, sync: true }),
}: LoggingOptions): Logger {
  return pino(
    {
      level,
      base: { app: appName, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceIds,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: ['authorization', 'headers.authorization', 'req.headers.authorization'],
        censor: '***',
      },
      hooks: { streamWrite: redactUrls },
    },
    destination,
  );
}
