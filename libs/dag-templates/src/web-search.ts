import { type JsonObject, executorOutput } from '@askflash/contracts';
import type { Draft } from './draft';
import { reopen } from './reopen';
import { EXECUTOR, WEB_SEARCH } from './stage-roles';
import { pendingStage } from './task-state';

/**
 * Once the executor has completed: puts `web_search` in before it and has it run again, where it
 * asks for that, the template allows it and the task has no web search yet; else the task goes on.
 */
export function insertWebSearchIfWanted(draft: Draft, output: JsonObject): void {
  const { template, state, stages } = draft;
  const limits = template.conditions.webSearchOnDemand;
  const executor = stages.find(({ name }) => name === EXECUTOR);
  if (
    limits === undefined ||
    executor === undefined ||
    executorOutput.safeParse(output).data?.needsWebSearch !== true ||
    stages.some(({ name }) => name === WEB_SEARCH)
  ) {
    return;
  }
  const stage = { ...limits, name: WEB_SEARCH, dependsOn: executor.dependsOn };
  state.inserted = [...state.inserted, { stage, before: EXECUTOR }];
  state.stages[WEB_SEARCH] = pendingStage();
  draft.emit('stage.inserted', { before: EXECUTOR }, { stage: WEB_SEARCH });
  reopen(draft, EXECUTOR);
}
