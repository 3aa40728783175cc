import type { EngineEvent } from './engine-event';
import type { TaskRecord } from './task-record';

/**
 * The trace context that a message goes out under: that of the event it follows from, else the
 * task's own. One of another trace is passed over, so that a task stays one trace, whoever answers
 * for it.
 */
export function traceContextOf(
  event: EngineEvent,
  { traceparent: root }: TaskRecord,
): string | null {
  const cause = 'report' in event ? event.traceparent : undefined;
  if (root === null || cause === undefined) return root;
  return traceIdOf(cause) === traceIdOf(root) ? cause : root;
}

function traceIdOf(traceparent: string): string | undefined {
  return traceparent.split('-')[1];
}
