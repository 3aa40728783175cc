import type { JsonObject } from '@askflash/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Who made a version of a template. */
export const TEMPLATE_ORIGINS = ['seed', 'user'] as const;
export type TemplateOrigin = (typeof TEMPLATE_ORIGINS)[number];

/**
 * A version of a template. Versions are not edited: a change is a new version, and a task keeps the
 * one it started with. New tasks get the highest version that is active.
 */
@Entity({
  name: 'task_dag_templates',
  comment: 'Versions of the templates tasks run through; a change is a new version.',
})
@Check('task_dag_templates_version_check', `version >= 1`)
@Check('task_dag_templates_origin_check', `origin IN ('seed', 'user')`)
export class TaskDagTemplate {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'task_dag_templates_pkey' })
  name: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'task_dag_templates_pkey' })
  version: number;

  @Column({ type: 'text' })
  description: string;

  /** The whole template, in the shape of dag-templates' `TaskTemplate`, name and version included. */
  @Column({ type: 'jsonb' })
  definition: JsonObject;

  @Column({ type: 'text' })
  origin: TemplateOrigin;

  /** False keeps the version for the tasks that run on it and from new ones. */
  @Column({ type: 'boolean', default: true })
  active: boolean;

  /** SHA-256 of the definition as it was seeded or saved; tells an edited row. */
  @Column({ type: 'text' })
  checksum: string;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  /** Kept by a trigger. */
  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()', update: false })
  updatedAt: Date;
}
