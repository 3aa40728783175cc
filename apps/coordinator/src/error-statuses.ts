import { RetryStageInvalidError, TemplateInvalidError } from '@askflash/dag-templates';
import { BrokerUnreachableError, ManagementUnavailableError } from '@askflash/messaging';
import { AUTH_ERROR_STATUSES, type StatusByErrorCode } from '@askflash/service-kit';
import { KeyRateExceededError } from './auth/errors';
import { DeadLettersBusyError, DeadLettersUnprotectedError } from './dead-letters/errors';
import {
  CoordinatorBusyError,
  IdempotencyKeyReusedError,
  TaskEndedError,
  TaskNotEndedError,
  TaskNotFoundError,
  TaskTemplateUnknownError,
} from './tasks/errors';
import { TemplateNotFoundError } from './templates/errors';

/** The HTTP status of each error that the API answers with. */
export const ERROR_STATUSES: StatusByErrorCode = {
  ...AUTH_ERROR_STATUSES,
  [KeyRateExceededError.code]: 429,
  [DeadLettersBusyError.code]: 409,
  [DeadLettersUnprotectedError.code]: 503,
  [BrokerUnreachableError.code]: 503,
  [ManagementUnavailableError.code]: 503,
  [TaskNotFoundError.code]: 404,
  [TaskTemplateUnknownError.code]: 422,
  [TaskEndedError.code]: 409,
  [TaskNotEndedError.code]: 409,
  [IdempotencyKeyReusedError.code]: 409,
  [RetryStageInvalidError.code]: 422,
  [TemplateNotFoundError.code]: 404,
  [TemplateInvalidError.code]: 422,
  [CoordinatorBusyError.code]: 503,
};
