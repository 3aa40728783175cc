import { ArgumentsHost, Catch, ExceptionFilter, Logger, type HttpServer } from '@nestjs/common';
import { toProblem, type StatusByErrorCode } from './problem';

/**
 * Answers every error as `application/problem+json`, with `Retry-After` where its field
 * `retryAfterSeconds` says when to come back; logs those that are the server's fault.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(
    private readonly http: HttpServer,
    private readonly statuses: StatusByErrorCode,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse();
    const problem = toProblem(error, this.statuses);
    const retryAfterSeconds = problem.fields?.['retryAfterSeconds'];
    const isBusy = typeof retryAfterSeconds === 'number';
    if (problem.status >= 500 && !isBusy) this.logger.error(error);
    if (this.http.isHeadersSent(response)) {
      this.http.end(response);
      return;
    }
    if (isBusy) this.http.setHeader(response, 'retry-after', String(retryAfterSeconds));
    this.http.setHeader(response, 'content-type', 'application/problem+json; charset=utf-8');
    this.http.reply(response, JSON.stringify(problem), problem.status);
  }
}
