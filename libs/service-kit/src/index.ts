export { ApiKeys, makeApiKey } from './auth/api-keys';
export { AuthModule } from './auth/auth.module';
export { callerOf } from './auth/caller';
export type { Caller } from './auth/caller';
export { checkExposure } from './auth/check-exposure';
export { CurrentKey } from './auth/current-key.decorator';
export {
  AUTH_ERROR_STATUSES,
  KeyForbiddenError,
  KeyMissingError,
  KeyUnknownError,
  KeysNotConfiguredError,
} from './auth/errors';
export { OPEN_ROUTES } from './auth/open-routes';
export { AllowRoles, defaultRoles } from './auth/roles';
export { createStandaloneApp } from './create-standalone-app';
export {
  HealthCheckTimedOutError,
  HttpTlsInvalidError,
  ServiceStoppingError,
  ShutdownLateError,
} from './errors';
export { describeError } from './failure/describe-error';
export type { ErrorDescription } from './failure/describe-error';
export { redactUrls } from './failure/redact';
export { exitCodeOf, reportFailure } from './failure/report-failure';
export { runService } from './failure/run-service';
export type { Service } from './failure/run-service';
export { runHealthChecks } from './health/health-check';
export type {
  HealthCheck,
  HealthCheckResult,
  HealthDetail,
  HealthReport,
} from './health/health-check';
export { HealthChecks } from './health/health-checks';
export { HealthModule } from './health/health.module';
export type { HealthModuleOptions } from './health/health.options';
export { createHttpApp } from './http/create-http-app';
export type { HttpAppOptions } from './http/create-http-app';
export { EventStreams } from './http/event-streams';
export type { ServerSentEvent, StreamItem } from './http/event-streams';
export type { Problem, StatusByErrorCode } from './http/problem';
export { ProblemFilter } from './http/problem.filter';
export { HEADERS_TIMEOUT_MS } from './http/server-limits';
export { createLogger } from './logging/create-logger';
export type { LoggingOptions } from './logging/create-logger';
export { LoggingModule } from './logging/logging.module';
export { MetricsModule } from './metrics/metrics.module';
export { Traceparent } from './tracing/traceparent.decorator';
export { within } from './within';
