import { DEFAULT_TEMPLATES, taskTemplate, type TaskTemplate } from '@askflash/dag-templates';
import { hastyLimits, randomTemplate } from '@askflash/testing';
import fc from 'fast-check';

/** The default templates under their own names, in a new version with short time-outs. */
const hastyDefaults = fc.tuple(...DEFAULT_TEMPLATES.map(hasty));

/** All the templates that the tasks of a run use. */
export const runTemplates: fc.Arbitrary<readonly TaskTemplate[]> = fc
  .tuple(hastyDefaults, fc.array(randomTemplate, { minLength: 12, maxLength: 12 }))
  .map(([defaults, random]) => [
    ...defaults,
    ...random.map((template, index) => ({ ...template, name: `random_${index}` })),
  ]);

function hasty(template: TaskTemplate): fc.Arbitrary<TaskTemplate> {
  const { webSearchOnDemand } = template.conditions;
  return fc.array(hastyLimits, { minLength: 8, maxLength: 8 }).map((all) =>
    taskTemplate.parse({
      ...template,
      stages: template.stages.map((stage, index) => ({ ...stage, ...all[index] })),
      conditions: {
        ...template.conditions,
        ...(webSearchOnDemand ? { webSearchOnDemand: all.at(-1) } : {}),
      },
    }),
  );
}
