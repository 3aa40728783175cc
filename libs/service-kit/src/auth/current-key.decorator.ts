import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf, type Caller } from './caller';
import { KeyMissingError } from './errors';

/** The `Caller` of the request, as a parameter of a guarded route: `@CurrentKey() caller: Caller`. */
export const CurrentKey = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller => {
    const caller = callerOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (!caller) throw new KeyMissingError('This request was not let in by any key');
    return caller;
  },
);
