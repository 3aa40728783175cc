import type { Failure, JsonObject, TaskEvent, TerminalTaskStatus } from '@askflash/contracts';
import type { TaskState } from './task-state';

/** What comes in from outside. */
export type IncomingEvent =
  | {
      readonly type: 'stage.completed';
      readonly stage: string;
      readonly attempt: number;
      readonly output: JsonObject;
    }
  | {
      readonly type: 'stage.failed';
      readonly stage: string;
      readonly attempt: number;
      readonly error: StageError;
    }
  /** Time has passed: time-outs, retries that are due, the task's deadline. */
  | { readonly type: 'tick' }
  | { readonly type: 'abort'; readonly reason: string };

/** Why an attempt failed, as an agent reports it. */
export interface StageError {
  readonly code: string;
  readonly message: string;
  /** False where another attempt cannot help. */
  readonly retryable: boolean;
  /** The agent's wish for the pause before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number;
}

/** What has to be done once the transition is committed, or with it. */
export type Command =
  /** Send `stage.requested` to the stage's agent. */
  | {
      readonly type: 'request_stage';
      readonly stage: string;
      readonly attempt: number;
      readonly timeoutMs: number;
      /** Epoch milliseconds. */
      readonly deadlineAt: number;
    }
  /** Work the stage off at once and reduce its `stage.completed` in the same transaction. */
  | { readonly type: 'run_in_coordinator'; readonly stage: string; readonly attempt: number }
  /** Send `task.finished`; comes once a task, as the last command. */
  | {
      readonly type: 'finish';
      readonly status: TerminalTaskStatus;
      readonly result: JsonObject | null;
      readonly error: Failure | null;
    };

/** Why an event changed nothing. */
export type IgnoredReason =
  /** The task has ended. */
  | 'task_finished'
  /** The task has no such stage. */
  | 'unknown_stage'
  /** A later attempt has been requested since. */
  | 'stale_attempt'
  /** This attempt was never requested. */
  | 'unknown_attempt'
  /** The attempt is answered, given up or overtaken by a reopening already. */
  | 'stage_not_running'
  /** A tick came before anything was due. */
  | 'nothing_due';

/** What an event led to. */
export type Transition =
  | {
      readonly outcome: 'applied';
      readonly state: TaskState;
      /** Numbered on from the state before, without a gap. */
      readonly events: readonly TaskEvent[];
      /** In the order to be done. */
      readonly commands: readonly Command[];
    }
  | {
      readonly outcome: 'ignored';
      readonly reason: IgnoredReason;
      /** The very state that came in. */
      readonly state: TaskState;
      readonly events: readonly [];
      readonly commands: readonly [];
    };
