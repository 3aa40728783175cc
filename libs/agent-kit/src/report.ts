import {
  BackboneError,
  JSON_OBJECT,
  type StageCompleted,
  type StageFailed,
  type StageRequested,
} from '@askflash/contracts';
import type { z } from 'zod';
import { NonRetryableError, RetryLaterError, StageOutputInvalidError } from './errors';

/** Who reports. */
export interface AgentIdentity {
  readonly agent: string;
  /** UUIDv7 of this process. */
  readonly instanceId: string;
}

/** What an attempt came to, as it is published. */
export type StageReport =
  | { readonly outcome: 'completed'; readonly payload: StageCompleted }
  | { readonly outcome: 'failed'; readonly payload: StageFailed }
  /** Nobody waits for it: there is nothing to publish. */
  | { readonly outcome: 'unwanted' };

/** Measures one attempt and puts its outcome into words. */
export class Reporter {
  private readonly startedAt = new Date();
  private readonly startedMs = performance.now();

  constructor(
    private readonly request: StageRequested,
    private readonly identity: AgentIdentity,
  ) {}

  /** @throws {StageOutputInvalidError} where the output is not what the handler promises */
  completed(output: unknown, schema: z.ZodType): StageReport {
    const parsed = schema.safeParse(output);
    // A round trip drops what JSON cannot carry, such as keys that are undefined.
    const json = parsed.success
      ? JSON_OBJECT.safeParse(JSON.parse(JSON.stringify(parsed.data)))
      : parsed;
    if (!json.success) {
      throw new StageOutputInvalidError(
        `The output of ${this.request.stage} is not what its @Stage promises: ${json.error.message}`,
        { fields: { stage: this.request.stage } },
      );
    }
    return { outcome: 'completed', payload: { ...this.common(), output: json.data } };
  }

  failed(error: unknown): Extract<StageReport, { outcome: 'failed' }> {
    const retryAfterMs = error instanceof RetryLaterError ? error.afterMs : undefined;
    return {
      outcome: 'failed',
      payload: {
        ...this.common(),
        error: {
          code: error instanceof BackboneError ? error.code : 'STAGE_HANDLER_FAILED',
          message: (error instanceof Error ? error.message : String(error)).slice(0, 4000),
          retryable: isRetryable(error),
          ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        },
      },
    };
  }

  private common() {
    const { taskId, stage, attempt } = this.request;
    return {
      taskId,
      stage,
      attempt,
      ...this.identity,
      startedAt: this.startedAt.toISOString(),
      durationMs: performance.now() - this.startedMs,
    };
  }
}

function isRetryable(error: unknown): boolean {
  return !(error instanceof NonRetryableError || error instanceof StageOutputInvalidError);
}
