import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiKeyRole } from '@askflash/config';
import { ApiKeys } from './api-keys';
import { bearerOf, challengesFor, passwordOf } from './authorization';
import { LOCAL_CALLER, setCaller, type Caller } from './caller';
import { KeyForbiddenError, KeyMissingError, KeyUnknownError } from './errors';
import { OPEN_ROUTES } from './open-routes';
import { ROLES, defaultRoles } from './roles';

/**
 * Lets a request in by its key, for every route that is not open. A browser sends a password with
 * whatever another site makes it ask for, so a password lets nobody change anything.
 *
 * @throws {KeyMissingError}
 * @throws {KeyUnknownError}
 * @throws {KeyForbiddenError} the key's role is none of those the route is for
 */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeys,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (OPEN_ROUTES.has(request.routeOptions.url ?? '')) return true;
    const caller = this.identify(request, context);
    const roles = this.rolesOf(context, request.method);
    if (caller.role !== 'admin' && !roles.includes(caller.role)) {
      const wanted = [...roles, 'admin'].join(' or ');
      throw new KeyForbiddenError(
        `The key ${caller.name} has the role ${caller.role}; this takes ${wanted}`,
        { fields: { role: caller.role, wanted: [...roles, 'admin'] } },
      );
    }
    setCaller(request, caller);
    return true;
  }

  private identify({ headers, method }: FastifyRequest, context: ExecutionContext): Caller {
    if (!this.keys.configured) return LOCAL_CALLER;
    const { accept, authorization } = headers;
    const key =
      bearerOf(authorization) ?? (changes(method) ? undefined : passwordOf(authorization));
    const caller = key === undefined ? undefined : this.keys.find(key);
    if (caller) return caller;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    void reply.header('www-authenticate', challengesFor(accept));
    throw key === undefined
      ? new KeyMissingError('The request has no API key')
      : new KeyUnknownError('The API key is not known');
  }

  private rolesOf(context: ExecutionContext, method: string): readonly ApiKeyRole[] {
    const targets = [context.getHandler(), context.getClass()];
    const roles = this.reflector.getAllAndOverride<ApiKeyRole[] | undefined>(ROLES, targets);
    return roles ?? defaultRoles(method);
  }
}

function changes(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
