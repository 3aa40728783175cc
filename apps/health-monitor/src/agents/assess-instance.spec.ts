import { newId } from '@askflash/config';
import type { KnownInstance } from '@askflash/typeorm-entities';
import fc from 'fast-check';
import type { CanarySight } from '../canary/canary-rounds';
import type { QueueSight } from '../observe/observation';
import { assessInstance, isSuspect, lacksConsumer, type Evidence } from './assess-instance';

const NOW_MS = 1_000_000;

const instance = (given: Partial<KnownInstance> = {}): KnownInstance => ({
  instanceId: newId(),
  agent: 'executor',
  version: '1',
  status: 'healthy',
  reportedStatus: 'healthy',
  statusReason: null,
  queue: 'executor.task',
  queueSize: 0,
  stages: ['executor_reasoning'],
  startedAt: new Date(0),
  intervalMs: 5_000,
  inFlight: 0,
  processed: 0,
  failed: 0,
  cpuPercent: 0,
  memoryBytes: 0,
  seenAgoMs: 1_000,
  knownForMs: 60_000,
  ...given,
});

const canary = (given: Partial<CanarySight> = {}): CanarySight => ({
  roundTripMs: 5,
  answeredAtMs: NOW_MS - 1_000,
  unansweredSinceMs: [],
  answeredByMs: new Map(),
  ...given,
});

const queueOf = (
  { instanceId }: KnownInstance,
  given: { ready?: number; canary?: CanarySight; consumerTags?: ReadonlySet<string> | undefined },
): QueueSight => ({
  name: 'executor.task',
  ready: given.ready ?? 0,
  consumers: 1,
  canary: given.canary ?? canary(),
  told:
    'consumerTags' in given && given.consumerTags === undefined
      ? undefined
      : {
          unacknowledged: 0,
          published: 0,
          acknowledged: 0,
          publishedPerSecond: 0,
          acknowledgedPerSecond: 0,
          consumerTags: given.consumerTags ?? new Set([instanceId]),
        },
});

const evidence = (
  one: KnownInstance,
  given: Partial<Evidence> & Parameters<typeof queueOf>[1] = {},
): Evidence => ({
  nowMs: NOW_MS,
  sightedSinceMs: 0,
  queue: queueOf(one, given),
  peers: [one],
  canaryLimitMs: 4_000,
  goneAfterMs: 300_000,
  withoutConsumerForMs: 0,
  hasWorked: false,
  ...given,
});

describe('assessInstance', () => {
  it.each(['starting', 'healthy', 'stopping'] as const)('believes one that beats: %s', (status) => {
    const one = instance({ reportedStatus: status });
    expect(assessInstance(one, evidence(one))).toEqual({ status, reason: null });
  });

  it('takes its word where it says that it is unhealthy', () => {
    const one = instance({ reportedStatus: 'unhealthy' });
    expect(assessInstance(one, evidence(one))).toEqual({
      status: 'unhealthy',
      reason: 'It says so itself',
    });
  });

  it('misses one after three of its own intervals, and gives it up after long', () => {
    const after = (seenAgoMs: number) => {
      const one = instance({ seenAgoMs, intervalMs: 1_000 });
      return assessInstance(one, evidence(one));
    };
    expect(after(3_500).status).toBe('healthy');
    expect(after(3_501)).toEqual({
      status: 'unhealthy',
      reason: 'No heartbeat for 3.5 s; one is due every 1 s',
    });
    expect(after(300_001)).toEqual({ status: 'unknown', reason: null });
  });

  it('does not miss one that has said goodbye', () => {
    const one = instance({ reportedStatus: 'stopping', seenAgoMs: 15_501 });
    expect(assessInstance(one, evidence(one)).status).toBe('unknown');
  });

  it('misses nobody before there was time for three beats to come in', () => {
    const one = instance({ seenAgoMs: 200_000 });
    const since = (sightedSinceMs: number) =>
      assessInstance(one, evidence(one, { sightedSinceMs })).status;
    expect(since(NOW_MS - 15_500)).toBe('healthy');
    expect(since(NOW_MS - 15_501)).toBe('unhealthy');
  });

  it('gives one up sooner that another has taken the place of', () => {
    const [dead, next] = [instance({ seenAgoMs: 60_001 }), instance({ knownForMs: 55_000 })];
    const among = (consumerTags: ReadonlySet<string>, peer: KnownInstance) =>
      assessInstance(dead, evidence(dead, { peers: [dead, peer], consumerTags })).status;
    const tags = new Set([next.instanceId]);
    expect(among(tags, next)).toBe('unknown');
    expect(among(tags, { ...next, knownForMs: 65_000 })).toBe('unhealthy');
    expect(among(tags, { ...next, agent: 'other' })).toBe('unhealthy');
    expect(among(new Set([dead.instanceId]), next)).toBe('unhealthy');
    const soon = { peers: [dead, next], consumerTags: tags, goneAfterMs: 50_000 };
    expect(assessInstance({ ...dead, seenAgoMs: 55_500 }, evidence(dead, soon)).status).toBe(
      'unknown',
    );
  });

  describe('by canaries', () => {
    const held = canary({ unansweredSinceMs: [NOW_MS - 4_000] });
    const assess = (given: Parameters<typeof evidence>[1], about: Partial<KnownInstance> = {}) => {
      const one = instance(about);
      return assessInstance(one, evidence(one, given));
    };

    it('finds who beats, and holds one', () => {
      expect(assess({ canary: held })).toEqual({
        status: 'unhealthy',
        reason: 'Its consumer is frozen: a canary is unanswered for 4 s',
      });
    });

    it.each<[string, Parameters<typeof evidence>[1], Partial<KnownInstance>]>([
      ['it may still wait in the queue', { canary: held, ready: 1 }, {}],
      ['it is under way for a short time only', { canary: held, canaryLimitMs: 4_001 }, {}],
      ['results of it came meanwhile', { canary: held, hasWorked: true }, {}],
      ['it was not there yet', { canary: held }, { knownForMs: 3_999 }],
      ['the queue gets none', { queue: undefined }, {}],
    ])('suspects nobody where %s', (_why, given, about) => {
      expect(assess(given, about).status).toBe('healthy');
    });

    it('suspects nobody who has answered since', () => {
      const one = instance();
      const answers = new Map([[one.instanceId, NOW_MS - 3_000]]);
      const seen = canary({ unansweredSinceMs: [NOW_MS - 4_000], answeredByMs: answers });
      expect(isSuspect(one, evidence(one, { canary: seen }))).toBe(false);
      const before = new Map([[one.instanceId, NOW_MS - 4_001]]);
      expect(isSuspect(one, evidence(one, { canary: { ...seen, answeredByMs: before } }))).toBe(
        true,
      );
    });
  });

  describe('by its consumer', () => {
    it('finds who beats, and has had none for longer than a goodbye takes', () => {
      const one = instance();
      const after = (withoutConsumerForMs: number) =>
        assessInstance(one, evidence(one, { withoutConsumerForMs }));
      expect(after(1_000).status).toBe('healthy');
      expect(after(1_001)).toEqual({
        status: 'unhealthy',
        reason: 'It beats, and RabbitMQ knows no consumer of it on executor.task',
      });
    });

    const lacks = (given: Parameters<typeof queueOf>[1], about: Partial<KnownInstance> = {}) => {
      const one = instance(about);
      return lacksConsumer(one, { queue: queueOf(one, given), peers: [one] });
    };

    it('knows who lacks one', () => {
      expect(lacks({})).toBe(false);
      expect(lacks({ consumerTags: new Set() })).toBe(true);
    });

    it.each<[string, Parameters<typeof queueOf>[1], Partial<KnownInstance>]>([
      ['it is busy, and may have paused', { consumerTags: new Set() }, { inFlight: 1 }],
      ['it has just come', { consumerTags: new Set() }, { knownForMs: 14_999 }],
      ['a consumer is nobody’s, so it may be its own', { consumerTags: new Set(['ctag1']) }, {}],
      ['the broker does not tell', { consumerTags: undefined }, {}],
    ])('says nothing where %s', (_why, given, about) => expect(lacks(given, about)).toBe(false));
  });

  it('tells a reason exactly where it is unhealthy', () => {
    const statuses = fc.constantFrom(
      'starting' as const,
      'healthy' as const,
      'unhealthy' as const,
      'stopping' as const,
      'unknown' as const,
    );
    const age = fc.integer({ min: 0, max: 600_000 });
    fc.assert(
      fc.property(
        statuses,
        age,
        age,
        age,
        fc.array(age),
        (reportedStatus, seen, known, since, sent) => {
          const one = instance({ reportedStatus, seenAgoMs: seen, knownForMs: known });
          const unansweredSinceMs = sent.map((ageMs) => NOW_MS - ageMs).sort((a, b) => a - b);
          const { status, reason } = assessInstance(
            one,
            evidence(one, { sightedSinceMs: since, canary: canary({ unansweredSinceMs }) }),
          );
          expect(reason !== null).toBe(status === 'unhealthy');
        },
      ),
    );
  });
});
