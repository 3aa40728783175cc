import { DEFAULT_TEMPLATES, parseTemplate } from '@askflash/dag-templates';
import { assertSchemaCurrent, selectTemplates } from '@askflash/typeorm-entities';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { RelationsMissingError, TemplatesMissingError } from '../errors';
import type { Scenario } from '../scenario';

const TABLES = [
  'task_histories',
  'task_dag_templates',
  'agent_performance',
  'task_stage_logs',
  'agent_health',
];
const VIEWS = ['task_analytics', 'agent_performance_summary'];

const relations = z.array(z.object({ name: z.string() }));

export const SCHEMA: Scenario = {
  name: 'schema',
  title: 'Tables, views, templates',
  part: 'database schema',
  needs: ['postgres'],
  timeoutMs: 10_000,
  remedy: 'Run `migration-runner up`.',
  async run(stack) {
    const dataSource = await stack.dataSource();
    await assertSchemaCurrent(dataSource);
    await assertRelations(dataSource);
    await assertTemplates(dataSource);
    const counts = [TABLES, VIEWS, DEFAULT_TEMPLATES].map(({ length }) => length);
    return { summary: `${counts[0]} tables, ${counts[1]} views, ${counts[2]} templates` };
  },
};

async function assertRelations(dataSource: DataSource): Promise<void> {
  const found = relations
    .parse(
      await dataSource.query(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`,
      ),
    )
    .map(({ name }) => name);
  const missing = [...TABLES, ...VIEWS].filter((name) => !found.includes(name));
  if (missing.length > 0) throw new RelationsMissingError(missing);
}

async function assertTemplates({ manager }: DataSource): Promise<void> {
  const templates = await selectTemplates(manager);
  const missing = DEFAULT_TEMPLATES.map(({ name }) => name).filter(
    (name) => !templates.some((template) => template.name === name),
  );
  if (missing.length > 0) throw new TemplatesMissingError(missing);
  for (const { definition } of templates) parseTemplate(definition);
}
