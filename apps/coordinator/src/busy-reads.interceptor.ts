import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import { isTransient } from './engine/database-errors';
import { CoordinatorBusyError } from './tasks/errors';

/**
 * Answers 503 where PostgreSQL does not answer a read in time, for a read can be repeated. What a
 * request that writes has done by then is for its own service to say.
 */
@Injectable()
export class BusyReadsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { method } = context.switchToHttp().getRequest<{ method: string }>();
    if (method !== 'GET') return next.handle();
    return next.handle().pipe(
      catchError((error: unknown) => {
        throw isTransient(error)
          ? new CoordinatorBusyError('PostgreSQL does not answer in time')
          : error;
      }),
    );
  }
}
