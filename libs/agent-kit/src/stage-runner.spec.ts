import {
  STAGE_COMPLETED,
  STAGE_FAILED,
  stageRequested,
  type StageCompleted,
  type StageFailed,
  type StageRequested,
} from '@askflash/contracts';
import { acknowledge, retryLater, type Publisher } from '@askflash/messaging';
import { newId } from '@askflash/config';
import { Logger } from '@nestjs/common';
import { z } from 'zod';
import { NonRetryableError, RetryLaterError } from './errors';
import type { StageContext } from './stage-context';
import { StageRunner, type InvokeHandler } from './stage-runner';

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
  refusals = 0;

  publish: Publisher['publish'] = async (contract, payload) => {
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw new Error('not confirmed');
    }
    if (contract.type === STAGE_COMPLETED.type) {
      this.completed.push(STAGE_COMPLETED.schema.parse(payload));
    } else {
      this.failed.push(STAGE_FAILED.schema.parse(payload));
    }
  };
}

function runnerOf(invoke: InvokeHandler, broker = new Broker()) {
  Logger.overrideLogger(false);
  const output = z.object({ text: z.string(), note: z.string().optional() });
  const runner = new StageRunner({
    identity,
    stages: new Map([['read', { input: stageRequested, output, invoke }]]),
    publisher: broker,
    appendProgress: async () => undefined,
    log: new Logger('test'),
  });
  return { runner, broker };
}

const untilAborted = (_input: unknown, { signal }: StageContext): Promise<never> =>
  new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

describe('StageRunner', () => {
  it('reports a checked output with confirm before it acknowledges', async () => {
    const { runner, broker } = runnerOf(async () => ({ text: 'read', note: undefined }));
    const request = requestOf();
    expect(await runner.handle(request)).toEqual(acknowledge());
    expect(broker.completed).toEqual([
      expect.objectContaining({ ...identity, taskId: request.taskId, output: { text: 'read' } }),
    ]);
    expect(runner.counts).toEqual({ inFlight: 0, processed: 1, failed: 0 });
  });

  it('runs an attempt once, however often it is delivered', async () => {
    const invoke = jest.fn(async () => ({ text: 'once' }));
    const { runner, broker } = runnerOf(invoke);
    const request = requestOf();
    const decisions = await Promise.all([runner.handle(request), runner.handle(request)]);
    decisions.push(await runner.handle({ ...request }));
    expect(decisions).toEqual([acknowledge(), acknowledge(), acknowledge()]);
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(broker.completed.length).toBeGreaterThanOrEqual(1);
    await runner.handle({ ...request, attempt: 2 });
    expect(invoke).toHaveBeenCalledTimes(2);
  });

  it('keeps a report that was not confirmed and sends it again, without running again', async () => {
    const invoke = jest.fn(async () => ({ text: 'kept' }));
    const { runner, broker } = runnerOf(invoke);
    broker.refusals = 1;
    const request = requestOf();
    expect((await runner.handle(request)).kind).toBe('retry-later');
    expect(await runner.handle(request)).toEqual(acknowledge());
    expect(invoke).toHaveBeenCalledTimes(1);
    expect(broker.completed).toHaveLength(1);
  });

  it.each([
    ['an error', new Error('broken'), { code: 'STAGE_HANDLER_FAILED', retryable: true }],
    ['NonRetryableError', new NonRetryableError('never'), { retryable: false }],
    ['RetryLaterError', new RetryLaterError(250), { retryable: true, retryAfterMs: 250 }],
  ])('reports %s as a failure', async (_case, error, expected) => {
    const { runner, broker } = runnerOf(() => Promise.reject(error));
    expect(await runner.handle(requestOf())).toEqual(acknowledge());
    expect(broker.failed[0]?.error).toMatchObject(expected);
    expect(runner.counts.failed).toBe(1);
  });

  it.each([
    ['output that breaks its promise', {}, async () => ({ text: 7 }), 'STAGE_OUTPUT_INVALID'],
    ['work past its deadline', { deadlineAt: new Date(0).toISOString() }, fine, 'STAGE_EXPIRED'],
    ['work that takes too long', { timeoutMs: 20 }, untilAborted, 'STAGE_TIMEOUT'],
    ['a stage it does not have', { stage: 'sing' }, fine, 'STAGE_INPUT_INVALID'],
  ])('fails %s', async (_case, changes, invoke, code) => {
    const { runner, broker } = runnerOf(invoke);
    expect(await runner.handle(requestOf(changes))).toEqual(acknowledge());
    expect(broker.failed[0]?.error.code).toBe(code);
  });

  it('gives its work back when it is stopped, and reports nothing', async () => {
    const { runner, broker } = runnerOf(untilAborted);
    const decision = runner.handle(requestOf());
    runner.abort();
    expect(await decision).toEqual(retryLater(0));
    expect([broker.completed, broker.failed]).toEqual([[], []]);
  });
});

async function fine() {
  return { text: 'fine' };
}
