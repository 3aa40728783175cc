import type { JsonObject } from '@askflash/contracts';
import { effectiveStages } from './effective-stages';
import { upstreamOf } from './graph';
import { EXECUTOR, MODERATION } from './stage-roles';
import { type TaskState, findStage } from './task-state';
import type { TaskTemplate } from './template';

/**
 * Outputs of all that a stage depends on, directly or not, by stage; those skipped are left out.
 * An executor that runs again after a revision also gets what moderation said.
 */
export function upstreamOutputs(
  template: TaskTemplate,
  state: TaskState,
  stage: string,
): Record<string, JsonObject> {
  const outputs: Record<string, JsonObject> = {};
  for (const name of upstreamOf(effectiveStages(template, state), stage)) {
    const output = findStage(state, name)?.output;
    if (output) outputs[name] = output;
  }
  if (stage === EXECUTOR && state.feedback !== null) outputs[MODERATION] = state.feedback;
  return outputs;
}
