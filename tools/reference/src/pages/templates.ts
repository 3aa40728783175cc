import { DEFAULT_TEMPLATES, type TaskTemplate, describe } from '@askflash/dag-templates';
import { block, code, page, table } from '../markdown';

/** The default templates, drawn and in figures. */
export function templatesPage(): string {
  return page(
    'Templates',
    [
      'The ways a task can go. A template is data, in the table `task_dag_templates`; these five are put',
      'there by `migration-runner up`. A version never changes, and a running task keeps its own.',
    ].join('\n'),
    ...DEFAULT_TEMPLATES.map(templateSection),
    '## As it is stored',
    block('json', JSON.stringify(DEFAULT_TEMPLATES.at(-1), null, 2)),
  );
}

function templateSection(template: TaskTemplate): string {
  return [
    `## ${code(template.name)}`,
    `${template.description}. Version ${template.version}.`,
    block('mermaid', describe(template)),
    table(
      ['Stage', 'Starts after', 'Time-out', 'Retries', 'First pause'],
      template.stages.map(({ name, dependsOn, timeoutMs, retry }) => [
        code(name),
        dependsOn.map(code).join(', ') || 'the start',
        `${timeoutMs} ms`,
        String(retry.limit),
        `${retry.backoffMs} ms`,
      ]),
    ),
  ].join('\n\n');
}
