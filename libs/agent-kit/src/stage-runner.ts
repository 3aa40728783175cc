import { STAGE_COMPLETED, STAGE_FAILED, type StageRequested } from '@askflash/contracts';
import { acknowledge, retryLater, type Decision, type Publisher } from '@askflash/messaging';
import type { Logger } from '@nestjs/common';
import { AttemptLedger } from './attempt-ledger';
import type { StageHandlerExtras } from './decorators';
import {
  AgentStoppingError,
  StageExpiredError,
  StageInputInvalidError,
  StageTimeoutError,
} from './errors';
import { ProgressWriter, type AppendProgress } from './progress-writer';
import { Reporter, type AgentIdentity, type StageReport } from './report';
import { StageContext } from './stage-context';

/** Calls a stage's handler through Nest's pipes, guards and interceptors. */
export type InvokeHandler = (input: unknown, context: StageContext) => Promise<unknown>;

/** A stage's handler and what its `@Stage` says. */
export interface StageEntry extends Pick<StageHandlerExtras, 'input' | 'output'> {
  readonly invoke: InvokeHandler;
}

/** What a runner needs of the process around it. */
export interface StageRunnerOptions {
  readonly identity: AgentIdentity;
  readonly stages: ReadonlyMap<string, StageEntry>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly appendProgress: AppendProgress;
  readonly log: Logger;
}

/** Before a report that the broker did not confirm is sent again. */
const REPORT_RETRY_MS = 1_000;

/**
 * Works requests off: runs the handler within its time, publishes the report with confirm, and only
 * then lets the request be acknowledged. A duplicate joins the attempt it doubles.
 */
export class StageRunner {
  readonly counts = { inFlight: 0, processed: 0, failed: 0 };
  private readonly ledger = new AttemptLedger<StageReport>();
  private readonly stopping = new AbortController();

  constructor(private readonly options: StageRunnerOptions) {}

  /** Works one request off. Never rejects. */
  async handle(request: StageRequested): Promise<Decision> {
    const attempt = this.ledger.open(request, () => this.run(request));
    try {
      const report = await attempt.report;
      if (!attempt.confirmed) await this.publish(report);
      attempt.confirmed = true;
      return acknowledge();
    } catch (error) {
      this.options.log.warn(
        `${request.stage} of ${request.taskId} goes back to its queue: ${error}`,
      );
      return retryLater(this.stopping.signal.aborted ? 0 : REPORT_RETRY_MS);
    }
  }

  /** Aborts what still runs; its requests go back to the queue. */
  abort(): void {
    this.stopping.abort(new AgentStoppingError('The agent stops'));
  }

  private publish(report: StageReport): Promise<void> {
    const { publisher } = this.options;
    return report.outcome === 'completed'
      ? publisher.publish(STAGE_COMPLETED, report.payload)
      : publisher.publish(STAGE_FAILED, report.payload);
  }

  /** Rejects only where the instance stops. */
  private async run(request: StageRequested): Promise<StageReport> {
    const reporter = new Reporter(request, this.options.identity);
    this.counts.inFlight += 1;
    try {
      const entry = this.entryOf(request);
      const output = await this.invoke(entry, request);
      const report = reporter.completed(output, entry.output);
      this.counts.processed += 1;
      return report;
    } catch (error) {
      if (this.stopping.signal.aborted) throw error;
      this.counts.failed += 1;
      this.options.log.warn(`${request.stage} of ${request.taskId} failed: ${error}`);
      return reporter.failed(error);
    } finally {
      this.counts.inFlight -= 1;
    }
  }

  private entryOf(request: StageRequested): StageEntry {
    const entry = this.options.stages.get(request.stage);
    if (!entry) throw new StageInputInvalidError(`This agent has no stage ${request.stage}`);
    if (Date.parse(request.deadlineAt) <= Date.now()) {
      throw new StageExpiredError(`The deadline passed at ${request.deadlineAt}`);
    }
    return entry;
  }

  private async invoke(entry: StageEntry, request: StageRequested): Promise<unknown> {
    const input = entry.input.safeParse(request);
    if (!input.success) {
      throw new StageInputInvalidError(
        `${request.stage} cannot take this request: ${input.error.message}`,
      );
    }
    const { appendProgress, log } = this.options;
    const progress = new ProgressWriter(request.taskId, appendProgress, (error) =>
      log.debug(`Progress of ${request.taskId} dropped: ${error}`),
    );
    const timeUp = new AbortController();
    const timer = setTimeout(
      () => timeUp.abort(new StageTimeoutError(`Took longer than ${request.timeoutMs} ms`)),
      request.timeoutMs,
    );
    const signal = AbortSignal.any([timeUp.signal, this.stopping.signal]);
    try {
      const context = new StageContext(request, signal, log, progress);
      return await Promise.race([entry.invoke(input.data, context), rejectOnAbort(signal)]);
    } finally {
      clearTimeout(timer);
      await progress.flush();
    }
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
