import { parseTemplate, type TaskTemplate } from '@askflash/dag-templates';
import { selectTemplate } from '@askflash/typeorm-entities';
import type { EntityManager } from 'typeorm';
import { TaskTemplateUnknownError } from '../tasks/errors';

/** Reads templates. A version never changes, so each is checked once. */
export class TemplateStore {
  private readonly versions = new Map<string, TaskTemplate>();

  /** @throws {TaskTemplateUnknownError} */
  async version(manager: EntityManager, name: string, version: number): Promise<TaskTemplate> {
    return this.versions.get(keyOf(name, version)) ?? this.read(manager, name, version);
  }

  /**
   * The version that new tasks take.
   *
   * @throws {TaskTemplateUnknownError}
   */
  latest(manager: EntityManager, name: string): Promise<TaskTemplate> {
    return this.read(manager, name);
  }

  private async read(
    manager: EntityManager,
    name: string,
    version?: number,
  ): Promise<TaskTemplate> {
    const row = await selectTemplate(manager, name, version);
    if (!row) throw new TaskTemplateUnknownError(name, version);
    const key = keyOf(name, row.version);
    const template = this.versions.get(key) ?? parseTemplate(row.definition);
    this.versions.set(key, template);
    return template;
  }
}

function keyOf(name: string, version: number): string {
  return `${name}@${version}`;
}
