import { ContractViolationError, type StageRequested } from '@askflash/contracts';
import { BaseRpcContext } from '@nestjs/microservices';
import type { Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { ProgressWriter } from './progress-writer';

/** What a stage can know of its task. */
export type TaskOfStage = Pick<StageRequested, 'userId' | 'query' | 'input'> & {
  readonly id: string;
};

/** What a stage's handler gets beside its input: one attempt's identity, clock and ways to tell. */
export class StageContext extends BaseRpcContext<[StageRequested]> {
  private readonly startedMs = performance.now();

  constructor(
    private readonly request: StageRequested,
    /**
     * Aborted when the stage's time is over, its task has ended (somebody aborted it) or the
     * instance stops; pass it on to what you await. Its `reason` tells which: a
     * {@link StageTimeoutError}, {@link StageUnwantedError} or {@link AgentStoppingError}.
     */
    readonly signal: AbortSignal,
    readonly log: Pick<Logger, 'log' | 'warn' | 'error' | 'debug'>,
    private readonly progressWriter: Pick<ProgressWriter, 'write'>,
  ) {
    super([request]);
  }

  /** The task the stage belongs to, as its client handed it in. */
  get task(): TaskOfStage {
    const { taskId: id, userId, query, input } = this.request;
    return { id, userId, query, input };
  }

  get stage(): string {
    return this.request.stage;
  }

  /** Counts from 1. */
  get attempt(): number {
    return this.request.attempt;
  }

  /** When the coordinator gives this attempt up, on the database's clock. */
  get deadline(): Date {
    return new Date(this.request.deadlineAt);
  }

  /** How long the attempt may still go on before it is cut off, in milliseconds. */
  get timeLeftMs(): number {
    const ofAttempt = this.request.timeoutMs - (performance.now() - this.startedMs);
    return Math.max(0, Math.min(ofAttempt, this.deadline.getTime() - Date.now()));
  }

  /**
   * Output of an earlier stage, checked and typed; undefined where the task has none.
   *
   * @throws {ContractViolationError} where it has one of another shape
   */
  upstream<Schema extends z.ZodType>(stage: string, schema: Schema): z.output<Schema> | undefined {
    const output = this.request.upstream[stage];
    if (output === undefined) return undefined;
    const parsed = schema.safeParse(output);
    if (parsed.success) return parsed.data;
    throw new ContractViolationError(
      `Output of ${stage} has another shape: ${parsed.error.message}`,
      {
        fields: { stage },
      },
    );
  }

  /** Tells whoever watches the task what goes on; `fraction` is 0–1. */
  progress(message: string, fraction?: number): void {
    const { stage, attempt } = this.request;
    this.progressWriter.write({
      type: 'progress',
      stage,
      attempt,
      message,
      ...(fraction === undefined ? {} : { fraction }),
    });
  }

  /** Streams a piece of the answer to whoever watches the task. */
  token(text: string): void {
    const { stage, attempt } = this.request;
    this.progressWriter.write({ type: 'token', stage, attempt, text });
  }
}
