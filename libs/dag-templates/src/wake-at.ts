import { isTerminal } from '@askflash/contracts';
import type { TaskState } from './task-state';

/**
 * When the task next wants a `tick`, in epoch milliseconds: its earliest time-out, retry or its
 * deadline. Null for a task that has ended; a task that runs always has one.
 */
export function wakeAt(state: TaskState): number | null {
  if (isTerminal(state.status)) return null;
  const timers = Object.values(state.stages).flatMap(({ deadlineAt, retryAt }) => [
    deadlineAt,
    retryAt,
  ]);
  const set = [state.deadlineAt, ...timers].filter((moment) => moment !== null);
  return set.length === 0 ? null : Math.min(...set);
}
