import type { JsonObject, TaskView } from '@askflash/contracts';
import { stageViews, type TaskState, type TaskTemplate } from '@askflash/dag-templates';

/** A task as the engine holds it: its row, with the state read back and its template at hand. */
export interface TaskRecord {
  readonly id: string;
  readonly userId: string;
  readonly query: string;
  readonly input: JsonObject;
  readonly priority: number;
  /** Id of the task that this one repeats. */
  readonly retryOf: string | null;
  readonly idempotencyKey: string | null;
  readonly requestHash: string | null;
  /** Trace context of the request that made it; null where it is in no trace. */
  readonly traceparent: string | null;
  readonly template: TaskTemplate;
  readonly state: TaskState;
  /** On the database's clock. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

/** The task as clients see it. Live and rebuilt views are equal, since both are made here. */
export function toTaskView(task: TaskRecord): TaskView {
  const { state, template } = task;
  return {
    id: task.id,
    userId: task.userId,
    query: task.query,
    template: { name: template.name, version: template.version },
    status: state.status,
    priority: task.priority,
    retryOf: task.retryOf,
    seq: state.seq,
    stages: stageViews(template, state),
    result: state.result,
    error: state.error,
    createdAt: task.createdAt.toISOString(),
    updatedAt: task.updatedAt.toISOString(),
    deadlineAt: state.deadlineAt === null ? null : new Date(state.deadlineAt).toISOString(),
    finishedAt: task.finishedAt?.toISOString() ?? null,
  };
}
