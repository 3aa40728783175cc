import type {
  ProgressEvent,
  StageCompleted,
  StageFailed,
  StageRequested,
} from '@askflash/contracts';
import type { RedisTasks } from '@askflash/redis-tasks';
import { eventually } from '@askflash/testing';
import type { StageInput } from '../src/run-stage';
import { TestTask } from './test-task';

/** What an agent published about an attempt. */
export type StageReport =
  | { readonly outcome: 'completed'; readonly payload: StageCompleted }
  | { readonly outcome: 'failed'; readonly payload: StageFailed };

/** A stage that was requested of the agent under test. */
export class RequestedStage {
  /** What the agent published about it, in order; more than one where it reports twice. */
  readonly reports: StageReport[] = [];
  private readonly task: TestTask;

  /** @param send puts a request into the agent's queue, as the coordinator does */
  constructor(
    readonly request: StageRequested,
    private readonly redisTasks: RedisTasks,
    readonly send: (request: StageRequested) => Promise<void>,
  ) {
    this.task = new TestTask(redisTasks, request);
  }

  /** Shows the task to whoever watches it, and requests the stage. */
  async start(): Promise<void> {
    await this.task.create();
    await this.send(this.request);
  }

  /** Waits for the agent's report. */
  report(): Promise<StageReport> {
    return eventually(() => this.reports[0], {
      what: `a report of ${this.request.stage}`,
      timeoutMs: 30_000,
    });
  }

  /** What the agent has told on its way so far, in order; all of it once its report is there. */
  async progress(): Promise<ProgressEvent[]> {
    const { taskId, stage, attempt } = this.request;
    const end: ProgressEvent = { type: 'progress', stage, attempt, message: 'the end, for now' };
    const appended = await this.redisTasks.appendProgress(taskId, end);
    if (appended.status === 'missing') throw new Error(`Redis has lost task ${taskId}`);
    const told: ProgressEvent[] = [];
    const over = new AbortController();
    for await (const item of this.redisTasks.subscribe(taskId, { signal: over.signal })) {
      if (item.kind === 'gap' || 'seq' in item.event) continue;
      if (item.id === appended.ids[0]) over.abort();
      else told.push(item.event);
    }
    return told;
  }

  /** Requests the stage under its next attempt, as after a time-out; the current one is stale then. */
  async requestAgain(changes: Pick<StageInput, 'query' | 'input'> = {}): Promise<void> {
    const attempt = await this.task.nextAttempt();
    await this.send({ ...this.request, ...changes, attempt });
  }

  /** Aborts the task, as a client can: the agent's `context.signal` is to abort. */
  abort(): Promise<void> {
    return this.task.abort();
  }
}
