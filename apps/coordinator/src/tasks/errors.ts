import { BackboneError } from '@askflash/contracts';

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

/** No template has this name. */
export class TemplateNotFoundError extends BackboneError {
  static override readonly code = 'TEMPLATE_NOT_FOUND';
  static override readonly when = 'A task asks for a template, or a version, that is not stored.';
  static override readonly remedy =
    'Take one of the stored names (docs/reference/templates.md); `migration-runner up` stores the defaults.';

  constructor(name: string, version?: number) {
    super(`There is no template ${name}${version === undefined ? '' : ` version ${version}`}`, {
      fields: { name, version },
    });
  }
}

/** The coordinator cannot take more work right now. */
export class CoordinatorBusyError extends BackboneError {
  static override readonly code = 'COORDINATOR_BUSY';
  static override readonly when =
    'Too many tasks wait to be accepted, or PostgreSQL did not take one in time.';
  static override readonly remedy = 'Try again after the seconds `Retry-After` tells.';
}
