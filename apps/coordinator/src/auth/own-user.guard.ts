import { ID } from '@askflash/contracts';
import { KeyForbiddenError, callerOf } from '@askflash/service-kit';
import { Database, TaskHistory } from '@askflash/typeorm-entities';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TaskNotFoundError } from '../tasks/errors';

const withUser = z.object({ userId: z.string() });
const withId = z.object({ id: ID });

/**
 * Keeps a key that is bound to a user to that user's tasks. It knows the routes of tasks by their
 * path, so that none is forgotten: what has an id is looked up, all else has to name the user.
 *
 * @throws {KeyForbiddenError} another user is named, or none
 * @throws {TaskNotFoundError} the task is another user's: whether it exists is not told
 */
@Injectable()
export class OwnUserGuard implements CanActivate {
  constructor(private readonly database: Database) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const path = request.routeOptions.url ?? '';
    const userId = callerOf(request)?.userId;
    if (userId === undefined || !/^\/tasks(\/|$)/.test(path)) return true;
    if (path.startsWith('/tasks/:id')) await this.checkOwner(request.params, userId);
    else checkNamed(request.method === 'GET' ? request.query : request.body, userId);
    return true;
  }

  private async checkOwner(params: unknown, userId: string): Promise<void> {
    const parsed = withId.safeParse(params);
    if (!parsed.success) return; // Validation tells what is wrong with it.
    const { id } = parsed.data;
    const { manager } = this.database.dataSource;
    const task = await manager.findOne(TaskHistory, { select: { userId: true }, where: { id } });
    if (task?.userId !== userId) throw new TaskNotFoundError(id);
  }
}

function checkNamed(from: unknown, userId: string): void {
  const named = withUser.safeParse(from).data?.userId;
  if (named === userId) return;
  throw new KeyForbiddenError(`This key is for the user ${userId} only; name it as userId`, {
    fields: { userId },
  });
}
