import {
  taskView,
  type StageRequested,
  type TaskEvent,
  type TaskEventType,
  type TaskView,
} from '@askflash/contracts';
import type { RedisTasks } from '@askflash/redis-tasks';

/** A task of one requested stage, in Redis only: what the coordinator would show of it. */
export class TestTask {
  private view: TaskView;

  constructor(
    private readonly redisTasks: RedisTasks,
    { taskId: id, userId, query, stage: name, attempt }: StageRequested,
  ) {
    const at = new Date().toISOString();
    this.view = taskView.parse({
      id,
      userId,
      query,
      template: { name: 'test', version: 1 },
      status: 'in_progress',
      seq: 1,
      stages: [{ name, status: 'requested', attempt, error: null }],
      result: null,
      error: null,
      createdAt: at,
      updatedAt: at,
      finishedAt: null,
    });
  }

  async create(): Promise<void> {
    await this.redisTasks.create(this.view, [this.event('task.created')]);
  }

  /** Gives the number of the attempt that is requested from now on. */
  async nextAttempt(): Promise<number> {
    const stages = this.view.stages.map((stage) => ({ ...stage, attempt: stage.attempt + 1 }));
    await this.move({ stages }, 'stage.requested');
    return stages[0]?.attempt ?? 1;
  }

  abort(): Promise<void> {
    const error = { code: 'TASK_ABORTED', message: 'The test aborts it' };
    const finishedAt = new Date().toISOString();
    return this.move({ status: 'aborted', error, finishedAt }, 'task.finished');
  }

  private async move(changes: Partial<TaskView>, type: TaskEventType): Promise<void> {
    const updatedAt = new Date().toISOString();
    this.view = { ...this.view, ...changes, updatedAt, seq: this.view.seq + 1 };
    await this.redisTasks.transition(this.view, [this.event(type)]);
  }

  private event(type: TaskEventType): TaskEvent {
    const { id: taskId, seq, updatedAt: at } = this.view;
    return { taskId, seq, type, stage: null, attempt: null, at, data: {} };
  }
}
