import { Logger } from '@nestjs/common';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { describeError } from '../failure/describe-error';

/**
 * Sends spans on, and logs where they cannot be delivered: the first failure of a row, and its end.
 *
 * ```
 * delivering ──failed: told──► failing ──delivered: told──► delivering
 * ```
 */
export class WatchedExporter implements SpanExporter {
  private failing = false;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Pick<Logger, 'log' | 'warn'> = new Logger('Tracing'),
  ) {}

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      this.note(result);
      resultCallback(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private note({ code, error }: ExportResult): void {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed === this.failing) return;
    this.failing = failed;
    if (failed) {
      const { message } = describeError(error ?? 'no reason was told');
      this.log.warn(`Traces cannot be delivered and are dropped: ${message}`);
    } else this.log.log('Traces are delivered again');
  }
}
