import { isTerminal, type StageRequested, type TaskFinished } from '@askflash/contracts';
import { taskState } from '@askflash/dag-templates';
import type { Report } from './broker';
import type { Tables } from './database';

/** Whether a message says what is committed: an attempt that was requested, an end that has come. */
export function isCommitted({ tasks, logs }: Tables, message: StageRequested | TaskFinished) {
  const { taskId } = message;
  if ('status' in message) return tasks.get(taskId)?.status === message.status;
  return [...logs.values()].some(
    (log) =>
      log.taskId === taskId &&
      log.type === 'stage.requested' &&
      log.stage === message.stage &&
      log.attempt === message.attempt,
  );
}

/** Whether a task still waits for just this report. */
export function isAwaited({ tasks }: Tables, { taskId, stage, attempt }: Report['payload']) {
  const task = tasks.get(taskId);
  if (!task || isTerminal(task.status)) return false;
  const state = taskState.parse(task.state).stages[stage];
  return state?.status === 'requested' && state.attempt === attempt;
}
