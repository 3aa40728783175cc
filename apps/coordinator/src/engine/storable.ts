import type { JsonObject, JsonValue } from '@askflash/contracts';
import type { EngineEvent } from './engine-event';

/** What text in PostgreSQL knows nothing of: U+0000, and half a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/gu;
const REPLACEMENT = '\ufffd';

/**
 * An event whose texts PostgreSQL can hold as they are: what it cannot becomes U+FFFD. Done before
 * anything follows from the event, so that views and messages say what is stored.
 */
export function storable(event: EngineEvent): EngineEvent {
  switch (event.type) {
    case 'create': {
      const { query, input, ...rest } = event.task;
      return { ...event, task: { ...rest, query: textOf(query), input: objectOf(input) } };
    }
    case 'abort':
      return { ...event, reason: textOf(event.reason) };
    case 'stage.completed': {
      const { report } = event;
      return { ...event, report: { ...report, output: objectOf(report.output) } };
    }
    case 'stage.failed': {
      const { report } = event;
      const { code, message, ...rest } = report.error;
      const error = { ...rest, code: textOf(code), message: textOf(message) };
      return { ...event, report: { ...report, error } };
    }
    default:
      return event;
  }
}

function textOf(text: string): string {
  return text.replace(UNSTORABLE, REPLACEMENT);
}

function objectOf(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [textOf(key), valueOf(value)]),
  );
}

function valueOf(value: JsonValue): JsonValue {
  if (typeof value === 'string') return textOf(value);
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(valueOf) : objectOf(value);
}
