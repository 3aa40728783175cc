import { newId } from '@askflash/config';
import type { JsonObject } from '@askflash/contracts';
import type { EngineEvent, NewTask } from '../src/engine/engine-event';
import { PLAUSIBLE } from './stand-in-agents';

/** The creation of a task, with what a spec does not care for filled in. */
export function creation(
  overrides: Partial<NewTask> = {},
): Extract<EngineEvent, { type: 'create' }> {
  const task: NewTask = {
    id: newId(),
    userId: 'ada',
    query: 'How do I stop the stack?',
    input: {},
    templateName: 'quick_answer',
    priority: 5,
    deadlineMs: undefined,
    idempotency: undefined,
    ...overrides,
  };
  return { type: 'create', taskId: task.id, task };
}

/** A stage's result. */
export function completion(
  taskId: string,
  stage: string,
  { attempt = 1, output = PLAUSIBLE[stage] ?? {} }: { attempt?: number; output?: JsonObject } = {},
): Extract<EngineEvent, { type: 'stage.completed' }> {
  return {
    type: 'stage.completed',
    taskId,
    report: { ...reported(taskId, stage), attempt, output },
  };
}

/** A stage's failure, which another attempt may mend. */
export function failure(
  taskId: string,
  stage: string,
  attempt = 1,
): Extract<EngineEvent, { type: 'stage.failed' }> {
  const error = { code: 'AGENT_BROKE', message: 'It broke', retryable: true };
  return { type: 'stage.failed', taskId, report: { ...reported(taskId, stage), attempt, error } };
}

/** The wish to repeat a task. */
export function repetition(of: string): Extract<EngineEvent, { type: 'retry' }> {
  return { type: 'retry', taskId: newId(), of, from: undefined, idempotency: undefined };
}

function reported(taskId: string, stage: string) {
  return {
    taskId,
    stage,
    agent: 'stand-in',
    instanceId: newId(),
    startedAt: new Date().toISOString(),
    durationMs: 1,
  };
}
