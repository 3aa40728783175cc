import { newId } from '@askflash/config';
import {
  taskView,
  type ConformanceDirective,
  type JsonObject,
  type StageRequested,
  type TaskEvent,
  type TaskEventType,
  type TaskView,
} from '@askflash/contracts';
import type { RedisTasks } from '@askflash/redis-tasks';

const TIMEOUT_MS = 30_000;

/** What an agent’s own work may need, out of the user’s file. */
export type OwnRequest = Partial<Pick<StageRequested, 'query' | 'input' | 'upstream'>>;

/** What to do instead of, or before, an agent’s own work. */
export type Directive = Partial<ConformanceDirective> & Pick<ConformanceDirective, 'do'>;

/** A request as the coordinator sends it for the first attempt of a stage. */
export function requestOf(
  stage: string,
  own: OwnRequest,
  directive: Directive | undefined,
): StageRequested {
  const input: JsonObject = { ...own.input };
  if (directive) input['conformance'] = { ...directive };
  return {
    taskId: newId(),
    stage,
    attempt: 1,
    userId: 'conformance',
    query: own.query ?? 'How do I stop the stack?',
    input,
    upstream: own.upstream ?? UPSTREAM,
    timeoutMs: TIMEOUT_MS,
    deadlineAt: new Date(Date.now() + TIMEOUT_MS).toISOString(),
  };
}

const PASSAGE = {
  path: 'getting-started.md',
  heading: 'Stop',
  text: '`npm stop` ends the stack and keeps its data.',
  score: 7.25,
};

/** What the stages before might have given. */
const UPSTREAM: StageRequested['upstream'] = {
  intent_analysis: {
    category: 'procedural',
    complexity: 'simple',
    subQuestions: [],
    needsWeb: false,
    by: 'rules',
  },
  embedding_lookup: { passages: [PASSAGE] },
  executor_reasoning: {
    answer: '`npm stop` ends the stack and keeps its data [1].',
    sources: [{ path: PASSAGE.path, heading: PASSAGE.heading }],
  },
};

/** The view of a requested task, as the coordinator keeps it in Redis. */
export class TrialTask {
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
      template: { name: 'conformance', version: 1 },
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

  /** Ends the task, as a client does that aborts it. */
  async abort(): Promise<void> {
    const error = { code: 'TASK_ABORTED', message: 'The conformance run aborts it' };
    const at = new Date().toISOString();
    this.view = { ...this.view, status: 'aborted', error, seq: 2, updatedAt: at, finishedAt: at };
    await this.redisTasks.finish(this.view, [this.event('task.finished')]);
  }

  remove(): Promise<void> {
    return this.redisTasks.remove(this.view.id);
  }

  private event(type: TaskEventType): TaskEvent {
    const { id: taskId, seq, updatedAt: at } = this.view;
    return { taskId, seq, type, stage: null, attempt: null, at, data: {} };
  }
}
