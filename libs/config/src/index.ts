export { API_KEY_ROLES, apiKeysVariable, formatApiKey } from './api-keys';
export type { ApiKey, ApiKeyRole } from './api-keys';
export {
  AGENT_CONFIG,
  EMBEDDING_AGENT_CONFIG,
  EXECUTOR_AGENT_CONFIG,
  INTENT_AGENT_CONFIG,
  MODERATOR_AGENT_CONFIG,
  WEBSEARCH_AGENT_CONFIG,
} from './apps/agent';
export { APP_CONFIGS } from './apps/all';
export { COORDINATOR_CONFIG } from './apps/coordinator';
export { HEALTH_MONITOR_CONFIG } from './apps/health-monitor';
export { MIGRATION_RUNNER_CONFIG } from './apps/migration-runner';
export { QUEUE_INIT_CONFIG } from './apps/queue-init';
export { ASK_CONFIG, CONFORMANCE_CONFIG, VERIFY_CONFIG } from './apps/tools';
export { CRASH_POINTS, crashPoint, crashPointAfterFlush } from './crash-point';
export type { CrashPoint } from './crash-point';
export { readEnvironment } from './environment';
export type { Environment } from './environment';
export { ConfigInvalidError, StackFileInvalidError } from './errors';
export type { ConfigProblem } from './errors';
export { forgetSecrets } from './forget-secrets';
export { EMBEDDING_MODEL_CONFIG, LANGUAGE_MODEL_CONFIG } from './language-model';
export { loadConfig } from './load-config';
export type { ConfigOf, ConfigShape } from './load-config';
export type { Login } from './logins';
export { newId } from './new-id';
export { nodeUrls } from './node-urls';
export { certificateProblem } from './safety/certificate-problem';
export { isLoopback } from './safety/loopback';
export { HTTP_CONFIG } from './shared-variables';
export { TRACING_CONFIG } from './tracing';
export { integer, link, list, oneOf, optional, text, url } from './variable';
export type { Variable } from './variable';
