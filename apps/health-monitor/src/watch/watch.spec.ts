import { newId } from '@askflash/config';
import { MessagingStatus, type MessagingSnapshot } from '@askflash/messaging';
import type { ConsumedQueue } from '../canary/canary-rounds';
import type { OpenCondition } from '../conditions/condition';
import type { ConditionChanges } from '../conditions/condition-changes';
import type { Observation, QueueSight } from '../observe/observation';
import { Watch } from './watch';

const INTERVAL_MS = 1_000;

class Idle extends MessagingStatus {
  snapshot(): MessagingSnapshot {
    const publisher = { connected: true, blocked: false, outstanding: 0 };
    return { publisher, consumers: [], ready: true, reasons: [] };
  }
}

const queue = (consumers: number): QueueSight => ({
  name: 'executor.task',
  ready: 0,
  consumers,
  told: undefined,
  canary: {
    roundTripMs: undefined,
    answeredAtMs: undefined,
    unansweredSinceMs: [],
    answeredByMs: new Map(),
  },
});

describe('Watch', () => {
  let queues: QueueSight[] | undefined;
  let open: OpenCondition[];
  let load: jest.Mock<Promise<OpenCondition[]>, []>;
  let rounds: (readonly ConsumedQueue[])[];
  let forgotten: number;
  let alarms: string[];
  let recorded: ConditionChanges[];
  let watch: Watch;

  beforeEach(() => {
    jest.useFakeTimers();
    queues = [queue(1)];
    [open, rounds, recorded, alarms] = [[], [], [], []];
    forgotten = 0;
    load = jest.fn(async () => open);
    watch = new Watch({
      observer: {
        look: async (): Promise<Observation> => ({
          at: new Date(),
          atMs: performance.now(),
          checks: {},
          queues,
          alarms,
          redis: undefined,
          views: undefined,
          database: undefined,
          instances: undefined,
        }),
      },
      rounds: { send: (queues) => void rounds.push(queues), forgotten: () => (forgotten += 1) },
      journal: { load, record: async (changes) => void recorded.push(changes) },
      assessor: { assess: async () => undefined },
      messaging: new Idle(),
      intervalMs: INTERVAL_MS,
      thresholds: {
        canaryIntervalMs: 2 * INTERVAL_MS,
        queueWaitMs: 1_000,
        deadLettersCount: 1,
        outboxAgeMs: 1_000,
        redisMemoryPercent: 90,
        postgresConnectionsPercent: 90,
      },
    });
  });

  afterEach(async () => {
    await watch.stop();
    jest.useRealTimers();
  });

  const looks = async (count: number) => {
    watch.start();
    await jest.advanceTimersByTimeAsync(count * INTERVAL_MS);
  };

  it('looks at an interval, until it is stopped', async () => {
    await looks(3);
    expect(recorded).toHaveLength(3);
    await watch.stop();
    await jest.advanceTimersByTimeAsync(10 * INTERVAL_MS);
    expect(recorded).toHaveLength(3);
  });

  it('sends a round of canaries as often as it should, and none blindly', async () => {
    await looks(5);
    expect(rounds).toHaveLength(3);
    expect(rounds[0]).toEqual([{ name: 'executor.task', consumers: 1, consumerTags: undefined }]);
    queues = undefined;
    await jest.advanceTimersByTimeAsync(10 * INTERVAL_MS);
    expect(rounds).toHaveLength(3);
  });

  it('forgets canaries while the broker takes no messages', async () => {
    alarms = ['it is short of memory'];
    await looks(3);
    expect([rounds.length, forgotten]).toEqual([0, 3]);
  });

  it('records what opens, and tells of it', async () => {
    queues = [queue(0)];
    await looks(11);
    expect(recorded.flatMap(({ opened }) => opened)).toMatchObject([
      { name: 'queue_without_consumer', subject: 'executor.task' },
    ]);
    expect(watch.conditions).toHaveLength(1);
  });

  it('calls its listeners after each look, until they have enough', async () => {
    const listener = jest.fn();
    const end = watch.onLook(listener);
    await looks(2);
    end();
    await jest.advanceTimersByTimeAsync(5 * INTERVAL_MS);
    expect(listener).toHaveBeenCalledTimes(2);
  });

  it('closes what another monitor has opened, and nobody finds any more', async () => {
    open = [
      {
        id: newId(),
        name: 'queue_stuck',
        subject: 'executor.task',
        severity: 'critical',
        summary: 'It is stuck',
        value: null,
        threshold: null,
        openedAt: new Date(0),
        lastSeenAt: new Date(0),
      },
    ];
    load.mockRejectedValueOnce(new Error('PostgreSQL is away'));
    await looks(20);
    expect(recorded.flatMap(({ closed }) => closed)).toMatchObject([{ id: open[0]?.id }]);
    expect(load.mock.calls.length).toBeLessThan(5);
  });
});
