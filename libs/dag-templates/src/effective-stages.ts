import type { TaskState } from './task-state';
import type { TaskTemplate, TemplateStage } from './template';

/** The template's stages together with those put in while the task ran, each before its dependant. */
export function effectiveStages(
  template: TaskTemplate,
  { inserted }: Pick<TaskState, 'inserted'>,
): readonly TemplateStage[] {
  if (inserted.length === 0) return template.stages;
  return template.stages.flatMap((stage) => {
    const added = inserted
      .filter(({ before }) => before === stage.name)
      .map(({ stage: own }) => own);
    const dependsOn = [...stage.dependsOn, ...added.map(({ name }) => name)];
    return [...added, { ...stage, dependsOn }];
  });
}
