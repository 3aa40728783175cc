import { progressEvent, taskEvent, type ProgressEvent, type TaskEvent } from '@askflash/contracts';
import { z } from 'zod';
import { parseStreamId, type StreamId } from './stream-id';

/** An entry of a task's stream; `event` is null where nobody can read it. */
export interface StreamEntry {
  readonly id: StreamId;
  readonly event: TaskEvent | ProgressEvent | null;
}

const message = z.object({ id: z.string(), event: z.unknown() });

/** Reads what is published of an entry; null where it is not of our making. */
export function entryOfMessage(text: string): StreamEntry | null {
  const parsed = message.safeParse(parseJson(text));
  if (!parsed.success || !/^\d+-\d+$/.test(parsed.data.id)) return null;
  return entryOf(parsed.data.id, parsed.data.event);
}

/** Reads an entry as the stream holds it. */
export function entryOfStream(id: string, json: string | undefined): StreamEntry {
  return entryOf(id, json === undefined ? undefined : parseJson(json));
}

function entryOf(text: string, value: unknown): StreamEntry {
  const id = parseStreamId(text);
  const parsed = id.part === 0 ? taskEvent.safeParse(value) : progressEvent.safeParse(value);
  return { id, event: parsed.success ? parsed.data : null };
}

/** Undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
