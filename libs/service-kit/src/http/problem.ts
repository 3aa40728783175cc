import { BackboneError } from '@askflash/contracts';
import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { describeError } from '../failure/describe-error';

/** The HTTP status of each error an app answers with, by code: `{ [TaskNotFoundError.code]: 404 }`. */
export type StatusByErrorCode = Readonly<Record<string, number>>;

/** An error as an HTTP client sees it: RFC 9457, with the backbone's own members. */
export interface Problem {
  /** `urn:askflash:error:<CODE>`, or `about:blank` where the status says it all. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly remedy?: string;
  /** Ids and figures of this case; of a bad request, what is wrong where. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** What a validation pipe adds to its exception. */
const withIssues = z.object({
  errors: z.array(
    z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }),
  ),
});

/**
 * Puts anything that was thrown into the form clients get. Of an error that is none of the
 * backbone's and none of HTTP's, nothing is told.
 */
export function toProblem(error: unknown, statuses: StatusByErrorCode): Problem {
  if (error instanceof BackboneError) return problemOfBackboneError(error, statuses);
  if (error instanceof HttpException) return problemOfHttpException(error);
  return {
    ...blank(500, 'INTERNAL_ERROR'),
    detail: 'Something went wrong that nobody foresaw; the log has it.',
  };
}

/** A problem of which the HTTP status says all but the detail. */
export function problemOfStatus(status: number, detail: string): Problem {
  return { ...blank(status, codeOf(status)), detail };
}

function problemOfBackboneError(error: BackboneError, statuses: StatusByErrorCode): Problem {
  const { code, message, remedy } = { ...describeError(error), remedy: error.remedy };
  return {
    type: `urn:askflash:error:${code}`,
    title: titleOf(code),
    status: statuses[code] ?? 500,
    detail: message,
    code,
    remedy,
    fields: error.fields,
  };
}

function problemOfHttpException(error: HttpException): Problem {
  const status = error.getStatus();
  const base = problemOfStatus(status, error.message);
  const parsed = withIssues.safeParse(error.getResponse());
  if (!parsed.success) return base;
  const issues = parsed.data.errors.map(({ path, message }) => [
    path.join('.') || '(body)',
    message,
  ]);
  return { ...base, fields: Object.fromEntries(issues) };
}

function blank(status: number, code: string) {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code };
}

/** `Payload Too Large` → `PAYLOAD_TOO_LARGE`. */
function codeOf(status: number): string {
  return (STATUS_CODES[status] ?? 'error').toUpperCase().replaceAll(/[^A-Z]+/g, '_');
}

/** `TASK_NOT_FOUND` → `Task not found`. */
function titleOf(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
