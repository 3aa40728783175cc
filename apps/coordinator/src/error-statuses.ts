import { BrokerUnreachableError, ManagementUnavailableError } from '@askflash/messaging';
import type { StatusByErrorCode } from '@askflash/service-kit';
import {
  KeyForbiddenError,
  KeyMissingError,
  KeyRateExceededError,
  KeyUnknownError,
} from './auth/errors';
import { DeadLettersBusyError, DeadLettersUnprotectedError } from './dead-letters/errors';
import { CoordinatorBusyError, TaskNotFoundError, TemplateNotFoundError } from './tasks/errors';

/** The HTTP status of each error that the API answers with. */
export const ERROR_STATUSES: StatusByErrorCode = {
  [KeyMissingError.code]: 401,
  [KeyUnknownError.code]: 401,
  [KeyForbiddenError.code]: 403,
  [KeyRateExceededError.code]: 429,
  [DeadLettersBusyError.code]: 409,
  [DeadLettersUnprotectedError.code]: 503,
  [BrokerUnreachableError.code]: 503,
  [ManagementUnavailableError.code]: 503,
  [TaskNotFoundError.code]: 404,
  [TemplateNotFoundError.code]: 422,
  [CoordinatorBusyError.code]: 503,
};
