import { BackboneError, type TaskStatus } from '@askflash/contracts';

/** No task has this id. */
export class TaskNotFoundError extends BackboneError {
  static override readonly code = 'TASK_NOT_FOUND';
  static override readonly when =
    'A request or a result names a task that PostgreSQL does not know.';
  static override readonly remedy =
    'Check the id; finished tasks are removed after their retention.';

  constructor(readonly taskId: string) {
    super(`There is no task ${taskId}`, { fields: { taskId } });
  }
}

/** A task asks for a template that there is not. */
export class TaskTemplateUnknownError extends BackboneError {
  static override readonly code = 'TASK_TEMPLATE_UNKNOWN';
  static override readonly when = 'A task asks for a template, or a version, that is not stored.';
  static override readonly remedy =
    'Take one of those that `GET /templates` lists; `migration-runner up` stores the defaults.';

  constructor(name: string, version?: number) {
    super(`There is no template ${name}${version === undefined ? '' : ` version ${version}`}`, {
      fields: { name, version },
    });
  }
}

/** The task has ended, and so cannot be aborted. */
export class TaskEndedError extends BackboneError {
  static override readonly code = 'TASK_ENDED';
  static override readonly when = 'A task that is to be aborted is complete or failed already.';
  static override readonly remedy = 'Nothing; how a task ended is never changed.';

  constructor(taskId: string, status: TaskStatus) {
    super(`Task ${taskId} is ${status} already`, { fields: { taskId, status } });
  }
}

/** The task has not ended, and so cannot be repeated. */
export class TaskNotEndedError extends BackboneError {
  static override readonly code = 'TASK_NOT_ENDED';
  static override readonly when = 'A task that is to be repeated still runs.';
  static override readonly remedy = 'Wait until it has ended, or abort it first.';

  constructor(taskId: string) {
    super(`Task ${taskId} still runs`, { fields: { taskId } });
  }
}

/** The key was used for another request. */
export class IdempotencyKeyReusedError extends BackboneError {
  static override readonly code = 'IDEMPOTENCY_KEY_REUSED';
  static override readonly when =
    'A request has the `Idempotency-Key` of an earlier one of the same user, and asks for something else.';
  static override readonly remedy =
    'Send a key of its own with each request; the same key only with the very same request.';

  constructor(taskId: string) {
    super(`The key belongs to another request, which made task ${taskId}`, { fields: { taskId } });
  }
}

/** The coordinator cannot take more work right now. */
export class CoordinatorBusyError extends BackboneError {
  static override readonly code = 'COORDINATOR_BUSY';
  static override readonly when =
    'The broker or a queue takes no more work, too many tasks wait, or PostgreSQL did not take or read a task in time.';
  static override readonly remedy =
    'Try again after the seconds that `Retry-After` tells, with the same `Idempotency-Key`: PostgreSQL may have taken the task late.';

  /** @param retryAfterSeconds told to the client as `Retry-After` */
  constructor(message: string, retryAfterSeconds = 1) {
    super(message, { fields: { retryAfterSeconds } });
  }
}
