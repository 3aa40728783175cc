import type { StatusByErrorCode } from '@askflash/service-kit';
import { CoordinatorBusyError, TaskNotFoundError, TemplateNotFoundError } from './tasks/errors';

/** The HTTP status of each error that the API answers with. */
export const ERROR_STATUSES: StatusByErrorCode = {
  [TaskNotFoundError.code]: 404,
  [TemplateNotFoundError.code]: 422,
  [CoordinatorBusyError.code]: 503,
};
