import type { Draft } from './draft';
import { downstreamOf } from './graph';
import { type StageState, pendingStage } from './task-state';

/**
 * Begins a new round of a stage and of all that depends on it. Attempts go on counting, so that
 * whatever still comes from the old round is stale.
 */
export function reopen(draft: Draft, name: string): void {
  for (const affected of [name, ...downstreamOf(draft.stages, name)]) {
    const state = draft.stageState(affected);
    if (state === undefined) continue;
    Object.assign(state, {
      ...pendingStage(),
      attempt: state.attempt,
    } satisfies StageState);
  }
}
