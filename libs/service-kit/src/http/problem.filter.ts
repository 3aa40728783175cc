import { ArgumentsHost, Catch, ExceptionFilter, Logger, type HttpServer } from '@nestjs/common';
import { toProblem, type StatusByErrorCode } from './problem';

/** Answers every error as `application/problem+json`; logs those that are the server's fault. */
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
    if (problem.status >= 500) this.logger.error(error);
    if (this.http.isHeadersSent(response)) {
      this.http.end(response);
      return;
    }
    this.http.setHeader(response, 'content-type', 'application/problem+json; charset=utf-8');
    this.http.reply(response, JSON.stringify(problem), problem.status);
  }
}
