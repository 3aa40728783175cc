import {
  STAGE_COMPLETED,
  STAGE_FAILED,
  STAGE_REQUESTED,
  stageRequested,
  type StageCompleted,
  type StageFailed,
  type StageRequested,
} from '@askflash/contracts';
import { acknowledge, retryLater, type Decision, type Publisher } from '@askflash/messaging';
import { newId } from '@askflash/config';
import { eventually } from '@askflash/testing';
import { Logger } from '@nestjs/common';
import { SpanStatusCode, context, propagation, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Registry } from 'prom-client';
import { z } from 'zod';
import type { AttemptWatch } from './attempt-watch';
import { NonRetryableError, RetryLaterError, StageUnwantedError } from './errors';
import type { StageContext } from './stage-context';
import type { InvokeHandler } from './stage-execution';
import { StageMetrics, type StageOutcome } from './stage-metrics';
import { StageRunner } from './stage-runner';

const identity = { agent: 'reader', instanceId: newId() };

function requestOf(changes: Partial<StageRequested> = {}): StageRequested {
  return {
    taskId: newId(),
    stage: 'read',
    attempt: 1,
    userId: 'ada',
    query: 'What?',
    input: {},
    upstream: {},
    timeoutMs: 60_000,
    deadlineAt: new Date(Date.now() + 60_000).toISOString(),
    ...changes,
  };
}

class Broker {
  readonly completed: StageCompleted[] = [];
  readonly failed: StageFailed[] = [];
  readonly requested: StageRequested[] = [];
  readonly traceparents: (string | undefined)[] = [];
  refusals = 0;

  publish: Publisher['publish'] = async (contract, payload, { traceparent } = {}) => {
    this.traceparents.push(traceparent);
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new Error('not confirmed');
    }
    if (contract.type === STAGE_REQUESTED.type) {
      this.requested.push(stageRequested.parse(payload));
    } else if (contract.type === STAGE_COMPLETED.type) {
      this.completed.push(STAGE_COMPLETED.schema.parse(payload));
    } else {
      this.failed.push(STAGE_FAILED.schema.parse(payload));
    }
  };
}

/** A watch whose findings the test sets; counts the attempts being watched. */
class Watch implements Pick<AttemptWatch, 'look' | 'start'> {
  found: StageUnwantedError | undefined;
  looks = 0;
  readonly watched = new Set<(reason: StageUnwantedError) => void>();

  async look() {
    this.looks += 1;
    return this.found;
  }

  start(_request: StageRequested, onUnwanted: (reason: StageUnwantedError) => void) {
    this.watched.add(onUnwanted);
    return () => void this.watched.delete(onUnwanted);
  }

  tell(reason: StageUnwantedError): void {
    for (const onUnwanted of this.watched) onUnwanted(reason);
  }
}

function runnerOf(invoke: InvokeHandler, { acknowledgeAfterMs = 60_000 } = {}) {
  Logger.overrideLogger(false);
  const broker = new Broker();
  const watch = new Watch();
  const longWork: number[] = [];
  const registry = new Registry();
  const counted = async (outcome: StageOutcome): Promise<number | undefined> => {
    const metric = await registry.getSingleMetric('agent_stages_total')?.get();
    return metric?.values.find(({ labels }) => labels['outcome'] === outcome)?.value;
  };
  const output = z.object({ text: z.string(), note: z.string().optional() });
  const runner = new StageRunner({
    identity,
    stages: new Map([['read', { input: stageRequested, output, invoke }]]),
    publisher: broker,
    appendProgress: async () => undefined,
    watch,
    metrics: new StageMetrics(registry),
    acknowledgeAfterMs,
    onLongWork: (count) => longWork.push(count),
    log: new Logger('test'),
  });
  const handle = (request: StageRequested, waitedMs = 0): Promise<Decision> =>
    runner.handle(request, { time: new Date(Date.now() - waitedMs).toISOString() });
  return { runner, handle, broker, watch, longWork, counted };
}

const untilAborted = (_input: unknown, { signal }: StageContext): Promise<never> =>
  new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

describe('StageRunner', () => {
  it('runs a stage inside the span of its request, tells it of a failure, and reports in its trace', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    provider.register();
    const { runner, broker } = runnerOf(async () => {
      await Promise.resolve();
      trace.getTracer('handler').startSpan('think').end();
      throw new NonRetryableError('nothing to read');
    });
    const request = trace.getTracer('messaging').startSpan('process');
    const arrival = { time: new Date().toISOString(), traceparent: 'its trace' };
    await context.with(trace.setSpan(context.active(), request), () =>
      runner.handle(requestOf(), arrival),
    );
    request.end();
    for (const api of [trace, context, propagation]) api.disable();
    const [thought, processed] = exporter.getFinishedSpans();
    expect(thought?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(processed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'nothing to read' });
    expect(processed?.attributes['error.type']).toBe(broker.failed[0]?.error.code);
    expect(broker.traceparents).toEqual(['its trace']);
  });

  it('reports a checked output with confirm before it acknowledges', async () => {
    const { runner, handle, broker } = runnerOf(async () => ({ text: 'read', note: undefined }));
    const request = requestOf();
    expect(await handle(request)).toEqual(acknowledge());
    expect(broker.completed).toEqual([
      expect.objectContaining({ ...identity, taskId: request.taskId, output: { text: 'read' } }),
    ]);
    expect(runner.counts).toEqual({ inFlight: 0, processed: 1, failed: 0 });
  });

  it('counts each outcome once, and none where it hands a stage back', async () => {
    const answered = runnerOf(async () => ({ text: 'read' }));
    const request = requestOf();
    await Promise.all([answered.handle(request), answered.handle(request)]);
    expect(await answered.counted('completed')).toBe(1);
    const stopped = runnerOf(untilAborted);
    const handed = stopped.handle(requestOf());
    await eventually(() => stopped.runner.counts.inFlight === 1);
    stopped.runner.abort();
    await handed;
    expect(await stopped.counted('failed')).toBeUndefined();
  });

  it('runs an attempt once, however often it is delivered', async () => {
    const invoke = jest.fn(async () => ({ text: 'once' }));
    const { handle, broker } = runnerOf(invoke);
    const request = requestOf();
    const decisions = await Promise.all([handle(request), handle(request)]);
    decisions.push(await handle({ ...request }));
    expect(decisions).toEqual([acknowledge(), acknowledge(), acknowledge()]);
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(broker.completed).toHaveLength(1);
    await handle({ ...request, attempt: 2 });
    expect(invoke).toHaveBeenCalledTimes(2);
  });

  it('keeps a report that was not confirmed and sends it again, without running again', async () => {
    const invoke = jest.fn(async () => ({ text: 'kept' }));
    const { handle, broker } = runnerOf(invoke);
    broker.refusals = 1;
    const request = requestOf();
    expect((await handle(request)).kind).toBe('retry-later');
    expect(await handle(request)).toEqual(acknowledge());
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(broker.completed).toHaveLength(1);
  });

  it.each([
    ['an error', new Error('broken'), { code: 'STAGE_HANDLER_FAILED', retryable: true }],
    ['NonRetryableError', new NonRetryableError('never'), { retryable: false }],
    ['RetryLaterError', new RetryLaterError(250), { retryable: true, retryAfterMs: 250 }],
  ])('reports %s as a failure', async (_case, error, expected) => {
    const { runner, handle, broker } = runnerOf(() => Promise.reject(error));
    expect(await handle(requestOf())).toEqual(acknowledge());
    expect(broker.failed[0]?.error).toMatchObject(expected);
    expect(runner.counts.failed).toBe(1);
  });

  it.each([
    ['output that breaks its promise', {}, async () => ({ text: 7 }), 'STAGE_OUTPUT_INVALID'],
    ['work past its deadline', { deadlineAt: new Date(0).toISOString() }, fine, 'STAGE_EXPIRED'],
    ['work that takes too long', { timeoutMs: 20 }, untilAborted, 'STAGE_TIMEOUT'],
    ['a stage it does not have', { stage: 'sing' }, fine, 'STAGE_INPUT_INVALID'],
  ])('fails %s', async (_case, changes, invoke, code) => {
    const { handle, broker } = runnerOf(invoke);
    expect(await handle(requestOf(changes))).toEqual(acknowledge());
    expect(broker.failed[0]?.error.code).toBe(code);
  });

  it('gives its work back when it is stopped, and reports nothing', async () => {
    const { runner, handle, broker } = runnerOf(untilAborted);
    const decision = handle(requestOf());
    runner.abort();
    expect(await decision).toEqual(retryLater(0));
    expect([broker.completed, broker.failed]).toEqual([[], []]);
  });

  it('names the time-out as the reason, whatever the handler throws when it is aborted', async () => {
    const { handle, broker } = runnerOf((_input, { signal }) => {
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('my own words'))),
      );
    });
    await handle(requestOf({ timeoutMs: 20 }));
    expect(broker.failed[0]?.error.code).toBe('STAGE_TIMEOUT');
  });
});

describe('StageRunner, where nobody waits for an attempt any more', () => {
  const gone = new StageUnwantedError('The task is aborted');

  it('aborts the handler with that reason and acknowledges without a report', async () => {
    const seen: unknown[] = [];
    const { runner, handle, broker, watch } = runnerOf((_input, { signal }) => {
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(seen.push(signal.reason))),
      );
    });
    const decision = handle(requestOf());
    await eventually(() => watch.watched.size === 1);
    watch.tell(gone);
    expect(await decision).toEqual(acknowledge());
    expect(seen).toEqual([gone]);
    expect([broker.completed, broker.failed]).toEqual([[], []]);
    expect(runner.counts).toEqual({ inFlight: 0, processed: 0, failed: 0 });
  });

  it('does not run what waited long and is unwanted by now', async () => {
    const invoke = jest.fn(fine);
    const { handle, broker, watch } = runnerOf(invoke);
    watch.found = gone;
    expect(await handle(requestOf(), 5_000)).toEqual(acknowledge());
    expect(invoke).not.toHaveBeenCalled();
    expect(broker.failed).toEqual([]);
  });

  it('asks nobody about what came at once, and runs what is still wanted', async () => {
    const invoke = jest.fn(fine);
    const { handle, watch } = runnerOf(invoke);
    await handle(requestOf());
    expect(watch.looks).toBe(0);
    await handle(requestOf(), 5_000);
    expect(watch.looks).toBe(1);
    expect(invoke).toHaveBeenCalledTimes(2);
  });

  it('ends every watch and keeps no abort listener behind', async () => {
    const { runner, handle, watch } = runnerOf(fine);
    await Promise.all(Array.from({ length: 50 }, () => handle(requestOf())));
    expect(watch.watched.size).toBe(0);
    expect(runner).toMatchObject({ running: new Set() });
  });
});

describe('StageRunner, with work that takes longer than a request may stay unacknowledged', () => {
  it('acknowledges it while it runs, runs it once and reports it', async () => {
    let finish = (): void => undefined;
    const invoke = jest.fn(() => new Promise<object>((done) => (finish = () => done(fine()))));
    const { handle, broker, longWork } = runnerOf(invoke, { acknowledgeAfterMs: 20 });
    const request = requestOf();
    expect(await handle(request)).toEqual(acknowledge());
    expect(broker.completed).toEqual([]);
    expect(longWork).toEqual([1]);
    const duplicate = handle(request);
    finish();
    expect(await duplicate).toEqual(acknowledge());
    await eventually(() => longWork.length === 2);
    expect(longWork).toEqual([1, 0]);
    expect(broker.completed).toHaveLength(1);
    expect(invoke).toHaveBeenCalledTimes(1);
  });

  it('goes on reporting until the broker confirms', async () => {
    const { handle, broker, longWork } = runnerOf(
      () => new Promise((done) => setTimeout(() => done(fine()), 50)),
      { acknowledgeAfterMs: 10 },
    );
    broker.refusals = 1;
    expect(await handle(requestOf())).toEqual(acknowledge());
    await eventually(() => longWork.at(-1) === 0);
    expect(broker.completed).toHaveLength(1);
  });

  it('hands the request to another instance when it is stopped', async () => {
    const { runner, handle, broker } = runnerOf(untilAborted, { acknowledgeAfterMs: 10 });
    const request = requestOf();
    expect(await handle(request)).toEqual(acknowledge());
    runner.abort();
    await runner.drained(5_000);
    expect(broker.requested).toEqual([request]);
    expect(broker.failed).toEqual([]);
  });
});

async function fine() {
  return { text: 'fine' };
}
