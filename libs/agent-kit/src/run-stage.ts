import { newId } from '@askflash/config';
import type { JsonObject, ProgressEvent, StageRequested } from '@askflash/contracts';
import { Logger, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { isStageExtras, type StageHandlerExtras } from './decorators';
import { AgentDefinitionInvalidError, StageInputInvalidError } from './errors';
import { StageContext } from './stage-context';

/** What a stage is run with; the rest of the request is made up. */
export type StageInput = Partial<
  Pick<StageRequested, 'query' | 'input' | 'upstream' | 'userId' | 'attempt' | 'timeoutMs'>
>;

/** What came of it. */
export interface StageRun {
  readonly output: unknown;
  /** What the handler told on its way, in order. */
  readonly progress: readonly ProgressEvent[];
}

/**
 * Runs one stage of an agent's module, without any server: for the agent's unit tests. Pipes, guards
 * and interceptors run as they do in the real thing.
 *
 * @throws what the handler throws, and {AgentDefinitionInvalidError} where nothing handles the stage
 */
export async function runStage(
  module: Type | DynamicModule,
  stage: string,
  input: StageInput = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<StageRun> {
  const strategy = new LocalServer();
  const app = await NestFactory.createMicroservice(module, {
    strategy,
    logger: ['error'],
    abortOnError: false,
  });
  await app.listen();
  try {
    return await strategy.run(requestOf(stage, input), signal);
  } finally {
    await app.close();
  }
}

/** A request as a coordinator might send it, in which whatever is not given is made up. */
export function requestOf(stage: string, input: StageInput): StageRequested {
  const emptyInput: JsonObject = {};
  const timeoutMs = input.timeoutMs ?? 30_000;
  return {
    taskId: newId(),
    stage,
    attempt: 1,
    userId: 'test',
    query: '',
    input: emptyInput,
    upstream: {},
    ...input,
    timeoutMs,
    deadlineAt: new Date(Date.now() + timeoutMs).toISOString(),
  };
}

/** Calls handlers directly. */
class LocalServer extends Server implements CustomTransportStrategy {
  listen(callback: () => void): void {
    callback();
  }

  close(): void {
    this.messageHandlers.clear();
  }

  on(): never {
    throw new Error('A local server has no events');
  }

  unwrap<T>(): T {
    throw new Error('A local server has no connection');
  }

  async run(request: StageRequested, signal: AbortSignal): Promise<StageRun> {
    const handler = this.getHandlerByPattern(request.stage);
    const extras = this.extrasOf(request.stage);
    if (!handler || !extras) {
      throw new AgentDefinitionInvalidError(`No method has @Stage('${request.stage}')`);
    }
    const parsed = extras.input.safeParse(request);
    if (!parsed.success) throw new StageInputInvalidError(parsed.error.message);
    const progress: ProgressEvent[] = [];
    const writer = { write: (event: ProgressEvent) => void progress.push(event) };
    const context = new StageContext(request, signal, new Logger(request.stage), writer);
    const result = this.transformToObservable(await handler(parsed.data, context));
    return { output: extras.output.parse(await lastValueFrom(result)), progress };
  }

  private extrasOf(stage: string): StageHandlerExtras | undefined {
    const extras = this.getHandlerByPattern(stage)?.extras;
    return isStageExtras(extras) ? extras : undefined;
  }
}
