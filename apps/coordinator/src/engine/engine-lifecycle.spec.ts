import type { Consumer } from '@askflash/messaging';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EngineLifecycle, type EngineLifecycleParts } from './engine-lifecycle';

jest.mock('@askflash/messaging', () => ({
  ...jest.requireActual('@askflash/messaging'),
  awaitTopology: async () => undefined,
}));
jest.mock('@askflash/typeorm-entities', () => ({
  ...jest.requireActual('@askflash/typeorm-entities'),
  assertSchemaCurrent: async () => undefined,
}));

const DRAIN_MS = 10_000;
const never = new Promise<never>(() => undefined);
const nobody = async (): Promise<never> => {
  throw new Error('Nothing has begun');
};

/** Tells whether a coordinator has stopped that was told to, while some of it does not come to an end. */
function stopWhile(busy: {
  readonly looking?: Promise<void>;
  readonly committing?: Promise<void>;
}): () => boolean {
  const { looking = Promise.resolve(), committing = Promise.resolve() } = busy;
  const parts: EngineLifecycleParts = {
    database: { whenReady: nobody },
    consumers: { consume: nobody },
    engine: { apply: nobody, drained: () => committing, flushConfirmed: nobody },
    poller: { start: () => undefined, stop: () => looking },
    prefetch: 1,
    rabbitmqUrl: '',
  };
  let stopped = false;
  void new EngineLifecycle(parts).beforeApplicationShutdown().then(() => (stopped = true));
  return () => stopped;
}

describe('EngineLifecycle', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('ends at once where there is nothing to wait for', async () => {
    const hasStopped = stopWhile({});
    await jest.advanceTimersByTimeAsync(0);
    expect(hasStopped()).toBe(true);
  });

  it('waits for what is being committed', async () => {
    let commit = (): void => undefined;
    const committing = new Promise<void>((resolve) => (commit = resolve));
    const hasStopped = stopWhile({ committing });
    await jest.advanceTimersByTimeAsync(DRAIN_MS - 1);
    expect(hasStopped()).toBe(false);
    commit();
    await jest.advanceTimersByTimeAsync(0);
    expect(hasStopped()).toBe(true);
  });

  it.each([
    ['what is being committed', { committing: never }],
    ['a look for overdue work', { looking: never }],
  ])('gives %s up where PostgreSQL does not come back', async (_what, busy) => {
    const hasStopped = stopWhile(busy);
    await jest.advanceTimersByTimeAsync(DRAIN_MS);
    expect(hasStopped()).toBe(true);
  });

  it('stops as usual where PostgreSQL is away when confirmed messages are to be taken out', async () => {
    Logger.overrideLogger(false);
    const consumer: Consumer = {
      queue: '',
      state: 'consuming',
      inFlight: 0,
      pause: nobody,
      resume: nobody,
      stop: async () => undefined,
    };
    const flushConfirmed = jest.fn().mockRejectedValue(new Error('PostgreSQL is away'));
    const lifecycle = new EngineLifecycle({
      database: { whenReady: async () => new DataSource({ type: 'postgres' }) },
      consumers: { consume: async () => consumer },
      engine: { apply: nobody, drained: async () => undefined, flushConfirmed },
      poller: { start: () => undefined, stop: async () => undefined },
      prefetch: 1,
      rabbitmqUrl: '',
    });
    lifecycle.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(0);
    expect(lifecycle.running).toBe(true);
    await lifecycle.beforeApplicationShutdown();
    expect(flushConfirmed).toHaveBeenCalledTimes(1);
  });
});
