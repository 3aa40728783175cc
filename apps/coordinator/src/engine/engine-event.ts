import type { JsonObject, StageCompleted, StageFailed, TaskView } from '@askflash/contracts';

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
}

/** What the engine takes in: each changes one task, inside one transaction. */
export type EngineEvent =
  | { readonly type: 'create'; readonly taskId: string; readonly task: NewTask }
  | { readonly type: 'stage.completed'; readonly taskId: string; readonly report: StageCompleted }
  | { readonly type: 'stage.failed'; readonly taskId: string; readonly report: StageFailed }
  | { readonly type: 'tick'; readonly taskId: string };

/** What became of an event; told once it is committed and what it sent is confirmed. */
export type EngineOutcome =
  | { readonly type: 'applied'; readonly view: TaskView }
  | { readonly type: 'ignored'; readonly reason: string };
