import { isTerminal, type StageRequested, type TaskView } from '@askflash/contracts';
import type { RedisTasks, StreamItem } from '@askflash/redis-tasks';
import type { Logger } from '@nestjs/common';
import { StageUnwantedError } from './errors';

/** Most stages end before this, and so cost Redis nothing. */
const FIRST_LOOK_MS = 100;

/**
 * Finds out whether an attempt is still wanted, by the live view of its task. A courtesy that saves
 * work: with Redis away, or its view gone, every attempt counts as wanted, and what an unwanted one
 * reports is ignored by the coordinator.
 */
export class AttemptWatch {
  constructor(
    private readonly redisTasks: Pick<RedisTasks, 'read' | 'subscribe'>,
    private readonly log: Pick<Logger, 'debug'>,
  ) {}

  /** Why an attempt is not wanted any more; undefined where it is, or nobody knows. Never rejects. */
  async look(request: StageRequested): Promise<StageUnwantedError | undefined> {
    const view = await this.read(request.taskId);
    return view && whyUnwanted(request, view);
  }

  /**
   * Watches an attempt while it runs, from 100 ms on.
   *
   * @param onUnwanted called once, if ever
   * @returns ends the watch
   */
  start(request: StageRequested, onUnwanted: (reason: StageUnwantedError) => void): () => void {
    let over: AbortController | undefined;
    const timer = setTimeout(() => {
      over = new AbortController();
      const { signal } = over;
      this.follow(request, signal).then(
        (reason) => reason && !signal.aborted && onUnwanted(reason),
        (error: unknown) => this.log.debug(`Task ${request.taskId} is not watched: ${error}`),
      );
    }, FIRST_LOOK_MS);
    return () => {
      clearTimeout(timer);
      over?.abort();
    };
  }

  private async follow(
    request: StageRequested,
    signal: AbortSignal,
  ): Promise<StageUnwantedError | undefined> {
    const view = await this.read(request.taskId);
    const reason = view && whyUnwanted(request, view);
    if (reason || signal.aborted) return reason;
    const from = view ? { after: `${view.seq}-0`, signal } : { signal };
    for await (const item of this.redisTasks.subscribe(request.taskId, from)) {
      const changed = isDurable(item) ? await this.look(request) : undefined;
      if (changed) return changed;
    }
    return undefined;
  }

  private async read(taskId: string): Promise<TaskView | undefined> {
    try {
      const read = await this.redisTasks.read(taskId);
      return read.found ? read.view : undefined;
    } catch (error) {
      this.log.debug(`The view of task ${taskId} cannot be read: ${error}`);
      return undefined;
    }
  }
}

/** Whether the view may have changed; what the event says is not enough, as a task can be retried. */
function isDurable(item: StreamItem): boolean {
  return item.kind === 'gap' || 'seq' in item.event;
}

function whyUnwanted(
  { stage, attempt }: StageRequested,
  view: TaskView,
): StageUnwantedError | undefined {
  const state = view.stages.find(({ name }) => name === stage);
  // The view is written beside the request, so it may not know of it yet.
  if (!state || state.attempt < attempt) return undefined;
  if (state.attempt > attempt) {
    return new StageUnwantedError(`Attempt ${state.attempt} of ${stage} has been requested since`);
  }
  if (isTerminal(view.status)) return new StageUnwantedError(`The task is ${view.status}`);
  if (state.status === 'requested') return undefined;
  return new StageUnwantedError(`Attempt ${attempt} of ${stage} is given up or answered`);
}
