import type { ApiKeyRole } from '@askflash/config';
import { SetMetadata } from '@nestjs/common';

export const ROLES = Symbol('roles');

/**
 * Which roles besides `admin` may use a route, or every route of a controller. Without it, `read` may
 * use what is a GET, and only `admin` the rest.
 */
export function AllowRoles(
  ...roles: Exclude<ApiKeyRole, 'admin'>[]
): MethodDecorator & ClassDecorator {
  return SetMetadata(ROLES, roles);
}

/** Which roles besides `admin` may use what nobody annotated. */
export function defaultRoles(method: string): readonly ApiKeyRole[] {
  return method === 'GET' || method === 'HEAD' ? ['read'] : [];
}
