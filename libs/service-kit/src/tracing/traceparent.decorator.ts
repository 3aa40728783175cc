import { TRACEPARENT } from '@askflash/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { context, propagation } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';

/** Most clients tell none, which is no error: making one would cost more than all the rest. */
const CLIENTS = TRACEPARENT.optional();

/**
 * Injects the W3C trace context that what a request causes goes on with: that of the request's own span
 * where requests are traced, else its client's; undefined where there is neither.
 */
export const Traceparent = createParamDecorator(
  (_data: unknown, host: ExecutionContext): string | undefined => {
    const own: { traceparent?: string } = {};
    propagation.inject(context.active(), own);
    const { headers } = host.switchToHttp().getRequest<FastifyRequest>();
    return own.traceparent ?? CLIENTS.safeParse(headers['traceparent']).data;
  },
);
