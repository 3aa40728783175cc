import type {
  Failure,
  JsonObject,
  StageCompleted,
  StageFailed,
  TaskView,
} from '@askflash/contracts';

/** What makes a request repeatable: the same key gives the same task, for the same request only. */
export interface Idempotency {
  readonly key: string;
  /** SHA-256 of the request. */
  readonly requestHash: string;
}

/** A task to be made. */
export interface NewTask {
  readonly id: string;
  readonly userId: string;
  readonly query: string;
  readonly input: JsonObject;
  readonly templateName: string;
  readonly priority: number;
  /** How long the whole task may take, in milliseconds; undefined where it may take for ever. */
  readonly deadlineMs: number | undefined;
  readonly idempotency: Idempotency | undefined;
  /** Trace context of the request that makes it. */
  readonly traceparent?: string | undefined;
}

interface Reported {
  readonly taskId: string;
  /** Trace context of the report. */
  readonly traceparent?: string | undefined;
}

/** What the engine takes in: each changes one task, inside one transaction. */
export type EngineEvent =
  | { readonly type: 'create'; readonly taskId: string; readonly task: NewTask }
  | {
      readonly type: 'retry';
      /** Id of the task to be made. */
      readonly taskId: string;
      /** Id of the task it repeats. */
      readonly of: string;
      /** The stage to go on from; where undefined the one that failed, else the beginning. */
      readonly from: string | undefined;
      readonly idempotency: Idempotency | undefined;
      readonly traceparent?: string | undefined;
    }
  | { readonly type: 'abort'; readonly taskId: string; readonly reason: string }
  | ({ readonly type: 'stage.completed'; readonly report: StageCompleted } & Reported)
  | ({ readonly type: 'stage.failed'; readonly report: StageFailed } & Reported)
  /** The request of an attempt can never be sent. */
  | {
      readonly type: 'stage.unsendable';
      readonly taskId: string;
      readonly stage: string;
      readonly attempt: number;
      readonly error: Failure;
    }
  | { readonly type: 'tick'; readonly taskId: string };

/** What became of an event; told once it is committed and what it sent is confirmed. */
export type EngineOutcome =
  | { readonly type: 'applied'; readonly view: TaskView }
  /** Nothing changed; the view is of the task as it stands. */
  | { readonly type: 'ignored'; readonly reason: string; readonly view: TaskView };

export type CreatingEvent = Extract<EngineEvent, { type: 'create' | 'retry' }>;

/** Whether an event makes a task. */
export function isCreating(event: EngineEvent | undefined): event is CreatingEvent {
  return event?.type === 'create' || event?.type === 'retry';
}

/** The task that has to be there for an event; none for a new one. */
export function affectedTask(event: EngineEvent): readonly string[] {
  if (event.type === 'create') return [];
  return [event.type === 'retry' ? event.of : event.taskId];
}
