import type { JsonObject } from '@askflash/contracts';
import { effectiveStages } from './effective-stages';
import { RetryStageInvalidError } from './errors';
import { downstreamOf, upstreamOf } from './graph';
import { type InsertedStage, type StageState, type TaskState, findStage } from './task-state';
import type { TaskTemplate } from './template';

/** What a task takes over from an earlier one of the same template, so that it is not run again. */
export interface Given {
  /** By stage: its output, or null where it was skipped. Holds all that each of them depends on. */
  readonly stages: ReadonlyMap<string, JsonObject | null>;
  /** Stages that were put in while the earlier task ran, and stay. */
  readonly inserted: readonly InsertedStage[];
}

export const NOTHING_GIVEN: Given = { stages: new Map(), inserted: [] };

/**
 * What a task takes over that repeats another from a stage on: every stage that was completed or
 * skipped and is neither that stage nor after it, branches beside it included.
 *
 * @param state of the earlier task, which has ended
 * @param from where not given the stage that failed, else the beginning: nothing is taken over
 * @throws {RetryStageInvalidError} the task has no such stage, or did not get as far
 */
export function givenBefore(
  template: TaskTemplate,
  state: TaskState,
  from: string | undefined = state.error?.stage,
): Given {
  if (from === undefined) return NOTHING_GIVEN;
  const stages = effectiveStages(template, state);
  const names = stages.map(({ name }) => name);
  if (!names.includes(from)) throw RetryStageInvalidError.unknown(from, names);
  const missing = [...upstreamOf(stages, from)].filter((name) => !isSettled(state, name));
  if (missing.length > 0) throw RetryStageInvalidError.tooFar(from, missing);
  const after = downstreamOf(stages, from);
  const given = names.filter((name) => name !== from && !after.has(name) && isSettled(state, name));
  return {
    stages: new Map(given.map((name) => [name, findStage(state, name)?.output ?? null])),
    inserted: state.inserted.filter(({ stage }) => !after.has(stage.name)),
  };
}

function isSettled(state: TaskState, name: string): boolean {
  const status: StageState['status'] | undefined = findStage(state, name)?.status;
  return status === 'completed' || status === 'skipped';
}
