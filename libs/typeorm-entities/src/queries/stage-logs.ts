import { MoreThan, type EntityManager } from 'typeorm';
import { TaskStageLog } from '../entities/task-stage-log';

/** The durable events of a task after number `afterSeq` (0 without it), in their order. */
export function selectStageLogs(
  manager: EntityManager,
  {
    taskId,
    afterSeq = 0,
    limit,
  }: { readonly taskId: string; readonly afterSeq?: number; readonly limit?: number },
): Promise<TaskStageLog[]> {
  return manager.find(TaskStageLog, {
    where: { taskId, seq: MoreThan(afterSeq) },
    order: { seq: 'ASC' },
    ...(limit === undefined ? {} : { take: limit }),
  });
}
