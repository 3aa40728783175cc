import { BackboneError } from '@askflash/contracts';

/** A health check did not answer in the time it has. */
export class HealthCheckTimedOutError extends BackboneError {
  static override readonly code = 'HEALTH_CHECK_TIMED_OUT';
  static override readonly when = 'A dependency did not answer a health check in time.';
  static override readonly remedy =
    'See whether the server it names runs, is reachable from here, and is not overloaded.';
  static override readonly exit = 'unavailable';

  constructor(readonly timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms`, { fields: { timeoutMs } });
  }
}

/** A health check was asked for while the process shuts down. */
export class ServiceStoppingError extends BackboneError {
  static override readonly code = 'SERVICE_STOPPING';
  static override readonly when = 'Readiness is asked for while the process shuts down.';
  static override readonly remedy =
    'Send the work to another instance, or wait for the next start.';
}

/** A service was told to stop and has not come to its end. */
export class ShutdownLateError extends BackboneError {
  static override readonly code = 'SHUTDOWN_LATE';
  static override readonly when =
    'A service that was told to stop still waits, as for a server that does not answer, when its time is over.';
  static override readonly remedy =
    'Nothing is lost: what it had not settled comes again, at it or another instance. See which server is away.';

  constructor(readonly timeoutMs: number) {
    super(`It was not done stopping within ${timeoutMs} ms, and ends as it is`, {
      fields: { timeoutMs },
    });
  }
}

/** An HTTP API is to speak TLS and cannot. */
export class HttpTlsInvalidError extends BackboneError {
  static override readonly code = 'HTTP_TLS_INVALID';
  static override readonly when =
    'The certificate or the key of HTTP APIs is missing, unreadable, expired, or they do not belong together.';
  static override readonly remedy =
    'Let HTTP_TLS_CERT_FILE name the certificate, followed by those it depends on, and HTTP_TLS_KEY_FILE its key, both in PEM.';
  static override readonly exit = 'config';

  constructor(problem: string, cause?: unknown) {
    super(`HTTP APIs cannot speak TLS: ${problem}`, { cause });
  }
}
