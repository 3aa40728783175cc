import { trace } from '@opentelemetry/api';

/** Which trace and span a line of the log belongs to; nothing where it is written outside of any. */
export function traceIds(): { trace_id?: string; span_id?: string } {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
