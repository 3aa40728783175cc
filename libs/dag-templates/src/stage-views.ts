import type { TaskView } from '@askflash/contracts';
import { effectiveStages } from './effective-stages';
import { type TaskState, findStage } from './task-state';
import type { TaskTemplate } from './template';

/** A task's stages as clients see them, in the template's order, inserted ones before their dependant. */
export function stageViews(template: TaskTemplate, state: TaskState): TaskView['stages'] {
  return effectiveStages(template, state).flatMap(({ name }) => {
    const stage = findStage(state, name);
    return stage
      ? [{ name, status: stage.status, attempt: stage.attempt, error: stage.error }]
      : [];
  });
}
