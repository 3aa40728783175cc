import { DEFAULT_TEMPLATES, parseTemplate, type TaskTemplate } from '@askflash/dag-templates';
import type { Tables } from './database';

/** So impatient that what is lost is soon made good for. */
const LIMITS = { timeoutMs: 3_000, retry: { limit: 2, backoffMs: 100, maxBackoffMs: 500 } };

/** The default templates with little patience, and one that is wide and has a condition. */
export const TEMPLATES: readonly TaskTemplate[] = [
  ...DEFAULT_TEMPLATES.map((template) =>
    parseTemplate({
      ...template,
      stages: template.stages.map((stage) => ({ ...stage, ...LIMITS })),
    }),
  ),
  parseTemplate({
    ...{ name: 'wide', version: 1, description: 'Many at once, some of them skipped' },
    stages: [
      { ...LIMITS, name: 'intent_analysis' },
      { ...LIMITS, name: 'embedding_lookup', dependsOn: ['intent_analysis'] },
      { ...LIMITS, name: 'web_search', dependsOn: ['intent_analysis'], when: 'has(input.web)' },
      { ...LIMITS, name: 'executor_reasoning', dependsOn: ['embedding_lookup', 'web_search'] },
    ],
  }),
];

export const TEMPLATE_NAMES = TEMPLATES.map(({ name }) => name);

export function storeTemplates(tables: Tables, all: readonly TaskTemplate[]): void {
  for (const { name, version, description, ...rest } of all) {
    tables.templates.set(name, {
      ...{ name, version, description, origin: 'seed', active: true, checksum: '' },
      definition: JSON.parse(JSON.stringify({ name, version, description, ...rest })),
      createdAt: new Date(),
      updatedAt: new Date(),
    });
  }
}
