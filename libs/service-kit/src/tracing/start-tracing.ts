import { within } from '../within';
import type { TracingOptions } from './tracing-options';

/** How long spans that wait to be sent may keep a process from ending. */
const FLUSH_TIMEOUT_MS = 2_000;

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
