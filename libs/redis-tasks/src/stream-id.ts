import { StreamIdInvalidError } from './errors';

/** A place in a task's stream: the task's event number, and the count of progress since then. */
export interface StreamId {
  readonly seq: number;
  /** 0 is the durable event itself. */
  readonly part: number;
}

export const STREAM_START: StreamId = { seq: 0, part: 0 };

/** @throws {StreamIdInvalidError} where it is not `<seq>-<number>` in whole safe numbers */
export function parseStreamId(text: string): StreamId {
  const [, seq, part] = /^(\d{1,16})-(\d{1,16})$/.exec(text) ?? [];
  const id = { seq: Number(seq), part: Number(part) };
  if (!Number.isSafeInteger(id.seq) || !Number.isSafeInteger(id.part)) {
    throw new StreamIdInvalidError(`Not a stream id: ${JSON.stringify(text.slice(0, 50))}`);
  }
  return id;
}

export function formatStreamId({ seq, part }: StreamId): string {
  return `${seq}-${part}`;
}

export function isAfter(id: StreamId, other: StreamId): boolean {
  return id.seq > other.seq || (id.seq === other.seq && id.part > other.part);
}

/** Whether nothing can stand between the two. */
export function isNextTo(id: StreamId, other: StreamId): boolean {
  return id.part === 0
    ? id.seq === other.seq + 1
    : id.seq === other.seq && id.part === other.part + 1;
}
