import { type JsonObject, moderationOutput } from '@askflash/contracts';
import type { Draft } from './draft';
import { downstreamOf } from './graph';
import { reopen } from './reopen';
import { EXECUTOR, MODERATION } from './stage-roles';
import type { TaskTemplate } from './template';

/** How often moderation may send a task of this template back. */
export function revisionLimit({ conditions }: TaskTemplate): number {
  return conditions.minConfidence === undefined ? 0 : (conditions.maxRevisions ?? 1);
}

/**
 * Once moderation has completed: sends the task back to the executor where the confidence is below
 * the template's threshold and revisions are left; else the task goes on.
 */
export function reviseIfDoubtful(draft: Draft, output: JsonObject): void {
  const { template, state } = draft;
  const { minConfidence } = template.conditions;
  const moderation = moderationOutput.safeParse(output);
  if (
    minConfidence === undefined ||
    !moderation.success ||
    moderation.data.confidence >= minConfidence ||
    state.revisions >= revisionLimit(template) ||
    !downstreamOf(draft.stages, EXECUTOR).has(MODERATION)
  ) {
    return;
  }
  state.revisions += 1;
  state.feedback = output;
  const { confidence } = moderation.data;
  draft.emit(
    'task.revised',
    { revision: state.revisions, confidence, minConfidence },
    { stage: EXECUTOR },
  );
  reopen(draft, EXECUTOR);
}
