import type { ProgressEvent } from '@askflash/contracts';

/** Appends events to a task's progress stream. */
export type AppendProgress = (taskId: string, events: ProgressEvent[]) => Promise<unknown>;

/** Often enough to read as live, seldom enough that 100 tokens/s cost ten calls. */
const FLUSH_INTERVAL_MS = 100;

/**
 * Writes an attempt's progress and tokens to Redis in batches; tokens that follow each other become
 * one event. Progress is a courtesy: where Redis cannot take it, it is dropped and the stage goes on.
 */
export class ProgressWriter {
  private pending: ProgressEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly taskId: string,
    private readonly append: AppendProgress,
    private readonly onDropped: (error: unknown) => void,
  ) {}

  write(event: ProgressEvent): void {
    const last = this.pending.at(-1);
    if (last?.type === 'token' && event.type === 'token') {
      this.pending[this.pending.length - 1] = { ...last, text: last.text + event.text };
    } else {
      this.pending.push(event);
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_INTERVAL_MS);
  }

  /** Writes what is pending; resolves once all that was written so far has arrived or is dropped. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const events = this.pending;
    this.pending = [];
    if (events.length > 0) this.writing = this.writing.then(() => this.send(events));
    return this.writing;
  }

  private async send(events: ProgressEvent[]): Promise<void> {
    try {
      await this.append(this.taskId, events);
    } catch (error) {
      this.onDropped(error);
    }
  }
}
