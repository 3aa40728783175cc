import type { ApiKeyRole } from '@askflash/config';
import { AllowRoles } from '@askflash/service-kit';
import { applyDecorators } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';

/** `AllowRoles`, told by the API's document too. */
export function Roles(...roles: Exclude<ApiKeyRole, 'admin'>[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    AllowRoles(...roles),
    ApiExtension('x-askflash-roles', [...roles, 'admin']),
  );
}
