import type { EntityManager } from 'typeorm';
import { TaskDagTemplate } from '../entities/task-dag-template';

/**
 * A template by name: the version asked for, active or not, or without one the highest that is
 * active. Null where there is none.
 */
export function selectTemplate(
  manager: EntityManager,
  name: string,
  version?: number,
): Promise<TaskDagTemplate | null> {
  return manager.findOne(TaskDagTemplate, {
    where: version === undefined ? { name, active: true } : { name, version },
    order: { version: 'DESC' },
  });
}

/** What new tasks can choose from: of each name the highest version that is active. */
export function selectTemplates(manager: EntityManager): Promise<TaskDagTemplate[]> {
  return manager
    .createQueryBuilder(TaskDagTemplate, 'template')
    .distinctOn(['template.name'])
    .where('template.active')
    .orderBy('template.name')
    .addOrderBy('template.version', 'DESC')
    .getMany();
}
