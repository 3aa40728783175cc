import { crashPoint, crashPointAfterFlush } from '@askflash/config';
import {
  STAGE_COMPLETED,
  STAGE_FAILED,
  type StageFailed,
  type StageRequested,
} from '@askflash/contracts';
import {
  acknowledge,
  retryLater,
  type Decision,
  type Publisher,
  type ReceivedMessage,
} from '@askflash/messaging';
import type { Logger } from '@nestjs/common';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { AttemptLedger, confirmReport } from './attempt-ledger';
import type { AttemptWatch } from './attempt-watch';
import {
  AgentStoppingError,
  StageExpiredError,
  StageInputInvalidError,
  StageUnwantedError,
} from './errors';
import { LongWork } from './long-work';
import type { AppendProgress } from './progress-writer';
import { Reporter, type AgentIdentity, type StageReport } from './report';
import { executeStage, type StageEntry } from './stage-execution';
import type { StageMetrics, StageOutcome } from './stage-metrics';

/** What a runner needs of the process around it. */
export interface StageRunnerOptions {
  readonly identity: AgentIdentity;
  readonly stages: ReadonlyMap<string, StageEntry>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly appendProgress: AppendProgress;
  readonly watch: Pick<AttemptWatch, 'look' | 'start'>;
  readonly metrics: Pick<StageMetrics, 'start'>;
  /** After this a request is acknowledged although its stage still runs, in milliseconds. */
  readonly acknowledgeAfterMs: number;
  /** Told each time the number of stages that run on acknowledged changes. */
  readonly onLongWork: (count: number) => void;
  readonly log: Logger;
}

/** What a request's message tells of it: when it was published, and the trace that its report is in. */
export type Arrival = Pick<ReceivedMessage, 'time' | 'traceparent'>;

/** Before a report that the broker did not confirm is sent again. */
const REPORT_RETRY_MS = 1_000;

/** A request that waited longer than this is looked up before it is run. */
const LONG_WAIT_MS = 1_000;

/**
 * Works requests off: runs the handler within its time, publishes the report with confirm, and only
 * then lets the request be acknowledged. A duplicate joins the attempt it doubles; an attempt that
 * nobody waits for any more is ended without a report.
 */
export class StageRunner {
  readonly counts = { inFlight: 0, processed: 0, failed: 0 };
  private readonly ledger = new AttemptLedger<StageReport>();
  private readonly running = new Set<AbortController>();
  private readonly longWork: LongWork;

  constructor(private readonly options: StageRunnerOptions) {
    const { publisher, acknowledgeAfterMs: afterMs, onLongWork: onCount, log } = options;
    this.longWork = new LongWork({ publisher, afterMs, onCount, log });
  }

  /** Works one request off. Never rejects. */
  handle(request: StageRequested, arrival: Arrival): Promise<Decision> {
    return this.longWork.bound(request, () => this.settle(request, arrival), arrival.traceparent);
  }

  /** Aborts what still runs; its requests go back to the queue. */
  abort(): void {
    this.longWork.stop();
    const reason = new AgentStoppingError('The agent stops');
    for (const controller of this.running) controller.abort(reason);
  }

  /** Resolves once no stage runs on acknowledged, `graceMs` at most. */
  drained(graceMs: number): Promise<void> {
    return this.longWork.drained(graceMs);
  }

  private async settle(request: StageRequested, arrival: Arrival): Promise<Decision> {
    const attempt = this.ledger.open(request, () => this.measure(request, arrival.time));
    try {
      const report = await attempt.report;
      await confirmReport(attempt, () => this.publish(report, arrival.traceparent));
      crashPoint('agent.before-ack');
      return acknowledge();
    } catch (error) {
      const { stage, taskId } = request;
      this.options.log.warn(`${stage} of ${taskId} goes back to its queue: ${error}`);
      return retryLater(error instanceof AgentStoppingError ? 0 : REPORT_RETRY_MS);
    }
  }

  private async publish(report: StageReport, traceparent: string | undefined): Promise<void> {
    if (report.outcome === 'unwanted') return;
    crashPoint('agent.before-publish');
    const { publisher } = this.options;
    const options = traceparent === undefined ? {} : { traceparent };
    const confirmed =
      report.outcome === 'completed'
        ? publisher.publish(STAGE_COMPLETED, report.payload, options)
        : publisher.publish(STAGE_FAILED, report.payload, options);
    crashPointAfterFlush('agent.after-publish');
    await confirmed;
    crashPoint('agent.after-confirm');
  }

  private async measure(request: StageRequested, sentAt: string): Promise<StageReport> {
    const { metrics, stages } = this.options;
    // Whatever a message names must not become a label.
    const end = metrics.start(stages.has(request.stage) ? request.stage : 'unknown');
    let outcome: StageOutcome | undefined;
    try {
      const report = await this.run(request, sentAt);
      outcome = report.outcome;
      return report;
    } finally {
      end(outcome);
    }
  }

  /** Rejects only where the instance stops. */
  private async run(request: StageRequested, sentAt: string): Promise<StageReport> {
    crashPoint('agent.after-receive');
    const reporter = new Reporter(request, this.options.identity);
    const controller = new AbortController();
    this.running.add(controller);
    this.counts.inFlight += 1;
    try {
      await this.refuseUnwanted(request, sentAt);
      const entry = this.entryOf(request);
      const output = await executeStage(entry, request, controller, this.options);
      const report = reporter.completed(output, entry.output);
      this.counts.processed += 1;
      return report;
    } catch (error) {
      // What a handler throws when it is aborted says less than why it was.
      return this.reportOf(reporter, request, reasonOf(controller.signal) ?? error);
    } finally {
      this.running.delete(controller);
      this.counts.inFlight -= 1;
    }
  }

  private reportOf(reporter: Reporter, request: StageRequested, error: unknown): StageReport {
    if (error instanceof AgentStoppingError) throw error;
    const { log } = this.options;
    if (error instanceof StageUnwantedError) {
      log.log(`${request.stage} of ${request.taskId} is left undone: ${error.message}`);
      return { outcome: 'unwanted' };
    }
    this.counts.failed += 1;
    log.warn(`${request.stage} of ${request.taskId} failed: ${error}`);
    const report = reporter.failed(error);
    markFailed(report.payload.error);
    return report;
  }

  /** What waited long may have been given up, or done by another instance, in the meantime. */
  private async refuseUnwanted(request: StageRequested, sentAt: string): Promise<void> {
    if (!(Date.now() - Date.parse(sentAt) > LONG_WAIT_MS)) return;
    const unwanted = await this.options.watch.look(request);
    if (unwanted) throw unwanted;
  }

  private entryOf(request: StageRequested): StageEntry {
    const entry = this.options.stages.get(request.stage);
    if (!entry) throw new StageInputInvalidError(`This agent has no stage ${request.stage}`);
    if (Date.parse(request.deadlineAt) <= Date.now()) {
      throw new StageExpiredError(`The deadline passed at ${request.deadlineAt}`);
    }
    return entry;
  }
}

/** The span of the request's message, inside which the stage runs, tells that it failed. */
function markFailed({ code, message }: StageFailed['error']): void {
  const span = trace.getActiveSpan();
  span?.setAttribute('error.type', code).setStatus({ code: SpanStatusCode.ERROR, message });
}

function reasonOf(signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : undefined;
}
