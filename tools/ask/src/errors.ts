import { BackboneError, type Failure, type TaskStatus } from '@askflash/contracts';

/** The command line of `ask` cannot be understood. */
export class AskUsageError extends BackboneError {
  static override readonly code = 'ASK_USAGE';
  static override readonly when =
    '`npm run ask` is given no question, or an option it does not know.';
  static override readonly remedy =
    'npm run ask -- "question" [--template NAME] [--user ID] [--json]';
  static override readonly exit = 'usage';
}

/** The coordinator does not answer, or the connection to it stays lost. */
export class CoordinatorUnreachableError extends BackboneError {
  static override readonly code = 'COORDINATOR_UNREACHABLE';
  static override readonly when = 'Nothing answers where the coordinator should be.';
  static override readonly remedy =
    'Start the stack with `npm start`, or set COORDINATOR_URL to where it runs.';
  static override readonly exit = 'unavailable';
}

/** The coordinator refuses a request. */
export class CoordinatorRefusedError extends BackboneError {
  static override readonly code = 'COORDINATOR_REFUSED';
  static override readonly when = 'The coordinator answers a request with an HTTP error.';
  static override readonly remedy = 'Mend what the message names, and ask again.';

  constructor(
    /** Of HTTP. */
    readonly status: number,
    message: string,
  ) {
    super(message, { fields: { status } });
  }
}

/** The coordinator answers in another form than expected. */
export class CoordinatorAnswerUnreadableError extends BackboneError {
  static override readonly code = 'COORDINATOR_ANSWER_UNREADABLE';
  static override readonly when =
    'An answer of the coordinator has another form than its API promises.';
  static override readonly remedy =
    'Check that COORDINATOR_URL names a coordinator, of the same version as this command.';
}

/** The task ended without an answer. */
export class TaskUnansweredError extends BackboneError {
  static override readonly code = 'TASK_UNANSWERED';
  static override readonly when = 'The task that `npm run ask` waited for failed or was aborted.';
  static override readonly remedy =
    'See what the stage says, and the log of its agent; then ask again.';

  constructor(taskId: string, status: TaskStatus, failure: Failure | null) {
    const where = failure?.stage === undefined ? '' : ` in ${failure.stage}`;
    const why = failure === null ? '' : `${where}: ${failure.code}: ${failure.message}`;
    super(`Task ${taskId} is ${status}${why}`, { fields: { taskId, status } });
  }
}

/** Somebody pressed Ctrl-C before the task was handed in, or twice. */
export class WaitInterruptedError extends BackboneError {
  static override readonly code = 'WAIT_INTERRUPTED';
  static override readonly when =
    '`npm run ask` is told to stop before its task is handed in, or a second time.';
  static override readonly remedy =
    'Look whether the task was aborted, where the message names one.';

  constructor(taskUrl: string | undefined) {
    super(
      taskUrl === undefined
        ? 'Stopped before the task was handed in'
        : `Stopped waiting for the end of ${taskUrl}`,
    );
  }
}
