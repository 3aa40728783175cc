import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { TaskDagTemplate } from '../entities/task-dag-template';
import { jsonChecksum } from './json-checksum';
import { runPrepared, type PreparedStatement } from './prepared';
import { toJson } from './to-json';

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

const LATEST_VERSION: PreparedStatement = {
  name: 'latest_version',
  text: 'SELECT max(version) AS version FROM task_dag_templates WHERE name = $1 AND active',
};

const latest = z.tuple([z.object({ version: z.int().nullable() })]);

/** The highest version of a template that is active; null where there is none. */
export async function selectLatestVersion(
  dataSource: DataSource,
  name: string,
): Promise<number | null> {
  const [{ version }] = latest.parse(await runPrepared(dataSource, LATEST_VERSION, [name]));
  return version;
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

const highest = z.tuple([z.object({ version: z.int() })]);

/**
 * Stores a new version of a template, the highest there is plus one; new tasks take it from the
 * commit on. Two at a time for one name wait for each other.
 *
 * @param define the definition under the version it gets
 */
export async function insertTemplateVersion<Definition extends { readonly description: string }>(
  manager: EntityManager,
  name: string,
  define: (version: number) => Definition,
): Promise<Definition> {
  return manager.transaction(async (transaction) => {
    await transaction.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `task_dag_templates ${name}`,
    ]);
    const rows: unknown = await transaction.query(
      'SELECT coalesce(max(version), 0)::int AS version FROM task_dag_templates WHERE name = $1',
      [name],
    );
    const version = highest.parse(rows)[0].version + 1;
    const definition = define(version);
    const json = toJson(definition);
    const checksum = jsonChecksum(JSON.parse(json));
    await transaction.query(
      `INSERT INTO task_dag_templates (name, version, description, definition, origin, checksum)
       VALUES ($1, $2, $3, $4, 'user', $5)`,
      [name, version, definition.description, json, checksum],
    );
    return definition;
  });
}
