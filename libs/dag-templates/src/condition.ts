import type { JsonObject, JsonValue } from '@askflash/contracts';
import { type TaskState, findStage } from './task-state';
import type { Condition } from './template';

/** Whether a condition holds for what a task has so far. */
export function holds(condition: Condition, state: TaskState): boolean {
  const value = lookUp(subjectOf(condition, state), condition.path);
  return 'equals' in condition
    ? value === condition.equals
    : (value !== undefined) === condition.exists;
}

function subjectOf({ stage }: Condition, state: TaskState): JsonObject | undefined {
  return stage === undefined ? state.input : (findStage(state, stage)?.output ?? undefined);
}

/** Follows own keys only, so that a path never reaches a prototype. */
function lookUp(subject: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = subject;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Array.isArray(value) ? value[Number(key)] : value[key];
  }
  return value;
}
