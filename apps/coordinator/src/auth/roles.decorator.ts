import type { ApiKeyRole } from '@askflash/config';
import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

export const ROLES = Symbol('roles');

/**
 * Which roles besides `admin` may use a route, or every route of a controller. Without it, `read` may
 * use what is a GET, and only `admin` the rest.
 */
export function Roles(...roles: Exclude<ApiKeyRole, 'admin'>[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(ROLES, roles),
    ApiExtension('x-askflash-roles', [...roles, 'admin']),
  );
}

/** Which roles besides `admin` may use what nobody annotated. */
export function defaultRoles(method: string): readonly ApiKeyRole[] {
  return method === 'GET' || method === 'HEAD' ? ['read'] : [];
}
