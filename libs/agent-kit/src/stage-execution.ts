import type { StageRequested } from '@askflash/contracts';
import type { Logger } from '@nestjs/common';
import type { AttemptWatch } from './attempt-watch';
import type { StageHandlerExtras } from './decorators';
import { StageInputInvalidError, StageTimeoutError } from './errors';
import { ProgressWriter, type AppendProgress } from './progress-writer';
import { StageContext } from './stage-context';

/** Calls a stage's handler through Nest's pipes, guards and interceptors. */
export type InvokeHandler = (input: unknown, context: StageContext) => Promise<unknown>;

/** A stage's handler and what its `@Stage` says. */
export interface StageEntry extends Pick<StageHandlerExtras, 'input' | 'output'> {
  readonly invoke: InvokeHandler;
}

/** What one run of a handler needs. */
export interface ExecutionOptions {
  readonly appendProgress: AppendProgress;
  readonly watch: Pick<AttemptWatch, 'start'>;
  readonly log: Logger;
}

/**
 * Runs a handler once, and gives what it returns.
 *
 * @param controller aborts the run; this aborts it where its time is over or nobody wants it
 * @throws what the handler throws, and the abort's reason, whether the handler heeds it or not
 */
export async function executeStage(
  entry: StageEntry,
  request: StageRequested,
  controller: AbortController,
  { appendProgress, watch, log }: ExecutionOptions,
): Promise<unknown> {
  const input = entry.input.safeParse(request);
  if (!input.success) {
    throw new StageInputInvalidError(
      `${request.stage} cannot take this request: ${input.error.message}`,
    );
  }
  const { signal } = controller;
  signal.throwIfAborted();
  const progress = new ProgressWriter(request.taskId, appendProgress, (error) =>
    log.debug(`Progress of ${request.taskId} dropped: ${error}`),
  );
  const timer = setTimeout(
    () => controller.abort(new StageTimeoutError(`Took longer than ${request.timeoutMs} ms`)),
    request.timeoutMs,
  );
  const endWatch = watch.start(request, (reason) => controller.abort(reason));
  try {
    const context = new StageContext(request, signal, log, progress);
    return await Promise.race([entry.invoke(input.data, context), rejectOnAbort(signal)]);
  } finally {
    clearTimeout(timer);
    endWatch();
    await progress.flush();
  }
}

/** The signal is of this run alone, so the listener goes with it. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
