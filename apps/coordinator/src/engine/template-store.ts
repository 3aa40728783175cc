import { parseTemplate, type TaskTemplate } from '@askflash/dag-templates';
import { selectLatestVersion, selectTemplate } from '@askflash/typeorm-entities';
import type { DataSource, EntityManager } from 'typeorm';
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
  async latest(dataSource: DataSource, name: string): Promise<TaskTemplate> {
    const version = await selectLatestVersion(dataSource, name);
    if (version === null) throw new TaskTemplateUnknownError(name);
    return this.version(dataSource.manager, name, version);
  }

  private async read(manager: EntityManager, name: string, version: number): Promise<TaskTemplate> {
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
