import { JSON_OBJECT } from '@askflash/contracts';
import type { EntityManager } from 'typeorm';
import { TaskDagTemplate } from '../entities/task-dag-template';
import { jsonChecksum } from '../queries/json-checksum';

/** A template to be seeded: the whole of it is JSON, of which only this much is looked at. */
export interface SeedTemplate {
  readonly name: string;
  readonly version: number;
  readonly description: string;
}

/**
 * What became of a template: `inserted`, and used by new tasks; `set_aside`: inserted inactive,
 * because a user's own version is in force; `unchanged`: it was there; `kept`: another definition is
 * stored under its version, a user's, and stays.
 */
export interface SeededTemplate {
  readonly name: string;
  readonly version: number;
  readonly outcome: 'inserted' | 'set_aside' | 'unchanged' | 'kept';
}

/** Stores the versions of templates that are not there yet; never changes one that is. */
export async function seedTemplates(
  manager: EntityManager,
  templates: readonly SeedTemplate[],
): Promise<SeededTemplate[]> {
  const seeded: SeededTemplate[] = [];
  for (const template of templates) {
    seeded.push({
      name: template.name,
      version: template.version,
      outcome: await seedTemplate(manager, template),
    });
  }
  return seeded;
}

async function seedTemplate(
  manager: EntityManager,
  template: SeedTemplate,
): Promise<SeededTemplate['outcome']> {
  const { name, version, description } = template;
  const definition = JSON_OBJECT.parse(JSON.parse(JSON.stringify(template)));
  const checksum = jsonChecksum(definition);

  const stored = await manager.find(TaskDagTemplate, {
    where: { name },
    order: { version: 'DESC' },
  });
  const same = stored.find((row) => row.version === version);
  if (same) return jsonChecksum(same.definition) === checksum ? 'unchanged' : 'kept';

  const inForce = stored.find((row) => row.active);
  const active = inForce === undefined || !isOfUser(inForce);
  const inserted: unknown[] = await manager.query(
    `INSERT INTO task_dag_templates (name, version, description, definition, origin, active, checksum)
     VALUES ($1, $2, $3, $4, 'seed', $5, $6)
     ON CONFLICT (name, version) DO NOTHING
     RETURNING name`,
    [name, version, description, JSON.stringify(definition), active, checksum],
  );
  if (inserted.length === 0) return 'kept';
  return active ? 'inserted' : 'set_aside';
}

/** Made by a user, or seeded and edited since. */
function isOfUser({ origin, definition, checksum }: TaskDagTemplate): boolean {
  return origin === 'user' || jsonChecksum(definition) !== checksum;
}
