import type { ConfigOf, TRACING_CONFIG } from '@askflash/config';
import { within } from '../within';

/** How long spans that wait to be sent may keep a process from ending. */
const FLUSH_TIMEOUT_MS = 2_000;

/** What an app traces with. */
export interface TracingOptions {
  /** What it is called in traces, where OTEL_SERVICE_NAME does not say. */
  readonly appName: string;
  /** Tells its instances apart; made up unless given. */
  readonly instanceId?: string;
  readonly config: ConfigOf<typeof TRACING_CONFIG>;
}

/** Tracing that is switched on. */
export interface Tracing {
  /** Sends what waits, two seconds at most, and ends tracing. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Starts tracing for the whole process where the standard variables ask for it. Elsewhere nothing is
 * loaded, and every span is OpenTelemetry's own that does nothing.
 */
export async function startTracing(options: TracingOptions): Promise<Tracing | undefined> {
  if (!isWanted(options.config)) return undefined;
  const { registerTracer } = await import('./register-tracer');
  const unregister = registerTracer(options);
  return {
    // What could not be sent is lost, and the exporter has said so.
    stop: () => within(FLUSH_TIMEOUT_MS, unregister(), () => undefined).catch(() => undefined),
  };
}

function isWanted({
  otelDisabled,
  otelExporter,
  otelEndpoint,
  otelTracesEndpoint,
}: TracingOptions['config']): boolean {
  if (otelDisabled) return false;
  if (otelExporter !== undefined) return otelExporter !== 'none';
  return otelEndpoint !== undefined || otelTracesEndpoint !== undefined;
}
