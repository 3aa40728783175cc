import { newId } from '@askflash/config';
import type { ProgressEvent, TaskEvent, TaskView } from '@askflash/contracts';
import type { RedisTasks } from '@askflash/redis-tasks';
import { WorkUndoneError } from '../../systems/errors';
import { timed } from '../load';

const STAGES = [
  'intent_analysis',
  'embedding_lookup',
  'executor_reasoning',
  'moderation',
  'response_packaging',
] as const;

/** Operations of one life: the create, and a transition, two progress and a read a stage. */
export const OPERATIONS_A_LIFE = 1 + STAGES.length * 4;

/**
 * The life of one task as Redis sees it: created, then for each of five stages what the agent says, a
 * look of a client, and the transition; each checked to have worked.
 */
export async function liveOnce(tasks: RedisTasks, createTimes: number[]): Promise<void> {
  const id = newId();
  const created = await timed(createTimes, () => tasks.create(viewOf(id, 1), [eventOf(id, 1)]));
  expectDone(created, 'created');
  for (const [index, stage] of STAGES.entries()) {
    const seq = index + 2;
    expectDone((await tasks.appendProgress(id, progressOf(stage, 0.5))).status, 'appended');
    expectDone((await tasks.appendProgress(id, progressOf(stage, 1))).status, 'appended');
    expectDone(String((await tasks.read(id)).found), 'true');
    expectDone(await tasks.transition(viewOf(id, seq), [eventOf(id, seq)]), 'applied');
  }
}

function expectDone(status: string, expected: string): void {
  if (status !== expected) throw new WorkUndoneError(`Redis said ${status} instead of ${expected}`);
}

function viewOf(id: string, seq: number): TaskView {
  return {
    id,
    userId: 'bench',
    query: 'How do I stop the stack?',
    template: { name: 'standard_query', version: 1 },
    status: seq === 1 ? 'waiting' : 'in_progress',
    priority: 5,
    retryOf: null,
    seq,
    stages: STAGES.map((name, index) => ({
      name,
      status: index < seq - 1 ? 'completed' : 'pending',
      attempt: 1,
      error: null,
    })),
    result: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:01.000Z',
    deadlineAt: null,
    finishedAt: null,
  };
}

function eventOf(taskId: string, seq: number): TaskEvent {
  const stage = STAGES[seq - 2] ?? null;
  return {
    taskId,
    seq,
    type: stage === null ? 'task.created' : 'stage.completed',
    stage,
    attempt: stage === null ? null : 1,
    at: '2026-01-01T00:00:01.000Z',
    data: {},
  };
}

function progressOf(stage: string, fraction: number): ProgressEvent {
  return { type: 'progress', stage, attempt: 1, message: 'Half of it is done', fraction };
}
