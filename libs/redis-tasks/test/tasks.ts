import type { ProgressEvent, TaskEvent, TaskStatus, TaskView } from '@askflash/contracts';
import { v7 } from 'uuid';
import type { TaskTransition } from '../src';

/** Changes of a view that a step of a test brings. */
export type ViewChange = Partial<Pick<TaskView, 'status' | 'query' | 'result' | 'userId'>>;

/** A new id of a task or an event's owner. */
export function newTaskId(): string {
  return v7();
}

/** The view of a task after its event number `seq`. */
export function viewOf(id: string, seq: number, change: ViewChange = {}): TaskView {
  const status: TaskStatus = change.status ?? (seq < 2 ? 'waiting' : 'in_progress');
  return {
    id,
    userId: 'ada',
    query: 'How do I stop the stack?',
    template: { name: 'quick_answer', version: 1 },
    priority: 5,
    retryOf: null,
    seq,
    stages: [{ name: 'embedding_lookup', status: 'requested', attempt: 1, error: null }],
    result: null,
    error: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: new Date(Date.UTC(2026, 0, 1) + seq).toISOString(),
    deadlineAt: null,
    finishedAt: null,
    ...change,
    status,
  };
}

/** The durable events `from` … `to` of a task. */
export function eventsOf(id: string, from: number, to: number): TaskEvent[] {
  return Array.from({ length: to - from + 1 }, (_none, i) => ({
    taskId: id,
    seq: from + i,
    type: from + i === 1 ? 'task.created' : 'stage.requested',
    stage: from + i === 1 ? null : 'embedding_lookup',
    attempt: from + i === 1 ? null : 1,
    at: new Date(Date.UTC(2026, 0, 1) + from + i).toISOString(),
    data: { number: from + i },
  }));
}

/** The step from event number `from - 1` to `to`. */
export function step(id: string, from: number, to = from, change?: ViewChange): TaskTransition {
  return { view: viewOf(id, to, change), events: eventsOf(id, from, to) };
}

export function token(text: string): ProgressEvent {
  return { type: 'token', stage: 'executor_reasoning', attempt: 1, text };
}
