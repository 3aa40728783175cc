import type { ConfigOf, TRACING_CONFIG } from '@askflash/config';

/** What an app traces with. */
export interface TracingOptions {
  /** What it is called in traces, where OTEL_SERVICE_NAME does not say. */
  readonly appName: string;
  /** Tells its instances apart; made up unless given. */
  readonly instanceId?: string;
  readonly config: ConfigOf<typeof TRACING_CONFIG>;
}
