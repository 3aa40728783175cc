import { ManagementUnavailableError } from '@askflash/messaging';
import type { DatabaseFigures } from '@askflash/typeorm-entities';
import type { CanarySight } from '../canary/canary-rounds';
import type { Observation, QueueSight } from '../observe/observation';
import { Past } from '../observe/past';
import { findConditions } from './find-conditions';
import type { Thresholds } from './thresholds';

const THRESHOLDS: Thresholds = {
  canaryIntervalMs: 10_000,
  queueWaitMs: 30_000,
  deadLettersCount: 10,
  outboxAgeMs: 20_000,
  redisMemoryPercent: 90,
  postgresConnectionsPercent: 85,
};

const up = { status: 'up', latencyMs: 1 } as const;
const CHECKS = { postgres: up, schema: up, redis: up, rabbitmq: up, topology: up };

const DATABASE: DatabaseFigures = {
  connections: 1,
  connectionLimit: 100,
  sessionsKilled: 0,
  outboxMessages: 0,
  outboxAgeMs: 0,
};

const observation = (given: Partial<Observation> = {}): Observation => ({
  at: new Date(0),
  atMs: 0,
  checks: CHECKS,
  queues: [],
  alarms: [],
  redis: { usedMemoryBytes: 1, memoryLimitBytes: 100, evictedKeys: 0 },
  views: { sampled: 0, lost: 0 },
  database: DATABASE,
  instances: [],
  ...given,
});

const CANARY: CanarySight = {
  roundTripMs: 5,
  answeredAtMs: 0,
  unansweredSinceMs: [],
  answeredByMs: new Map(),
};

const queue = (given: Partial<QueueSight> & { acknowledged?: number } = {}): QueueSight => ({
  name: 'executor.task',
  ready: 0,
  consumers: 1,
  canary: CANARY,
  told: {
    unacknowledged: 0,
    published: 0,
    acknowledged: given.acknowledged ?? 0,
    publishedPerSecond: 0,
    acknowledgedPerSecond: 0,
    consumerTags: new Set(),
  },
  ...given,
});

/** What the last of some looks finds. */
function find(...looks: Partial<Observation>[]) {
  const past = new Past();
  const seen = looks.map((look) => observation(look));
  for (const one of seen) past.remember(one);
  return findConditions(seen.at(-1) ?? observation(), past, THRESHOLDS);
}
const names = (...looks: Partial<Observation>[]) => find(...looks).found.map(({ name }) => name);

describe('findConditions', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(find({ queues: [queue()] })).toEqual({ found: [], unjudged: new Set() });
  });

  it('tells what it cannot judge', () => {
    const { found, unjudged } = find({
      queues: undefined,
      alarms: undefined,
      redis: undefined,
      views: undefined,
      database: undefined,
      instances: undefined,
    });
    expect(found).toEqual([]);
    expect(unjudged.size).toBe(12);
  });

  describe('in queues', () => {
    it('finds one without a consumer, and that alone', () => {
      const alone = queue({ consumers: 0, ready: 7 });
      expect(find({ queues: [alone] }).found).toEqual([
        {
          name: 'queue_without_consumer',
          subject: 'executor.task',
          summary: 'Nobody consumes executor.task; 7 messages wait in it',
          value: 0,
          threshold: 1,
        },
      ]);
    });

    it('does not mind one that nobody has to consume', () => {
      expect(names({ queues: [queue({ consumers: 0, canary: undefined })] })).toEqual([]);
    });

    const grows = (acknowledged: number, ready: number) => [
      { atMs: 0, queues: [queue({ ready: 1 })] },
      { atMs: 10_000, queues: [queue({ ready: 2 })] },
      { atMs: 20_000, queues: [queue({ ready, acknowledged })] },
    ];
    it('finds one that grows while nothing is taken off it', () => {
      const [stuck] = find(...grows(0, 9)).found;
      expect(stuck).toMatchObject({
        name: 'queue_stuck',
        summary:
          'executor.task grew by 8 to 9 messages within 20 s, and its 1 consumers acknowledged none',
      });
    });

    it.each([
      ['it moves', grows(1, 9)],
      ['it does not grow', grows(0, 1)],
      ['it is known for a short time only', grows(0, 9).slice(1)],
    ])('is not stuck where %s', (_why, looks) => expect(names(...looks)).toEqual([]));

    it('finds one in which a canary waits long, or has waited', () => {
      const waits = { ...CANARY, unansweredSinceMs: [0] };
      expect(names({ atMs: 30_001, queues: [queue({ ready: 5, canary: waits })] })).toEqual([
        'queue_slow',
      ]);
      expect(names({ atMs: 30_001, queues: [queue({ ready: 0, canary: waits })] })).toEqual([]);
      const waited = { ...CANARY, roundTripMs: 30_001 };
      expect(names({ queues: [queue({ canary: waited })] })).toEqual(['queue_slow']);
    });

    it('counts what came into the dead-letter queue, whatever left it', () => {
      const depths = [100, 105, 0, 5];
      const looks = depths.map((ready, index) => ({
        atMs: index * 1_000,
        queues: [queue({ name: 'mcp.dead_letter', canary: undefined, ready })],
      }));
      expect(find(...looks).found).toMatchObject([
        { name: 'dead_letters_growing', value: 10, threshold: 10 },
      ]);
      expect(names(...looks.slice(1))).toEqual([]);
    });
  });

  describe('in servers', () => {
    const down = (code: string) => ({ ...up, status: 'down' as const, code, reason: 'no answer' });

    it.each([
      ['postgres', 'DATABASE_UNAVAILABLE', 'server_unreachable', 'postgres'],
      ['redis', 'REDIS_UNAVAILABLE', 'server_unreachable', 'redis'],
      ['schema', 'SCHEMA_OUTDATED', 'schema_differs', 'schema'],
      ['topology', 'TOPOLOGY_DRIFTED', 'topology_drifted', 'topology'],
      ['topology', ManagementUnavailableError.code, 'server_unreachable', 'rabbitmq management'],
    ])('names a failing check: %s %s', (check, code, name, subject) => {
      const { found } = find({ checks: { ...CHECKS, [check]: down(code) } });
      expect(found).toMatchObject([{ name, subject, summary: 'no answer' }]);
    });

    it('does not ask what schema a database has that is away', () => {
      const checks = { ...CHECKS, postgres: down('X'), schema: down('X') };
      const { found, unjudged } = find({ checks });
      expect(found.map(({ subject }) => subject)).toEqual(['postgres']);
      expect(unjudged).toContain('schema_differs');
    });

    it('tells a blocked broker from one that is away', () => {
      const checks = { ...CHECKS, rabbitmq: down('BROKER_UNREACHABLE') };
      expect(names({ checks, alarms: ['rabbit@a is short of memory'] })).toEqual([
        'broker_blocked',
      ]);
      expect(names({ checks, alarms: [] })).toEqual(['server_unreachable']);
    });

    it('finds a Redis near its limit, and none without a limit', () => {
      const redis = { usedMemoryBytes: 90, memoryLimitBytes: 100, evictedKeys: 5 };
      expect(names({ redis })).toEqual(['redis_memory_high']);
      expect(names({ redis: { ...redis, memoryLimitBytes: 0 } })).toEqual([]);
    });

    it('finds new evictions only, and survives a restart of Redis', () => {
      const redis = (evictedKeys: number) => ({
        redis: { usedMemoryBytes: 1, memoryLimitBytes: 100, evictedKeys },
      });
      expect(names(redis(5))).toEqual([]);
      expect(names(redis(5), redis(7))).toEqual(['redis_evicting']);
      expect(names(redis(5), redis(7), redis(7))).toEqual([]);
      expect(names(redis(5), redis(0))).toEqual([]);
    });

    it('finds lost views, past a share that is chance', () => {
      expect(names({ views: { sampled: 20, lost: 1 } })).toEqual([]);
      expect(names({ views: { sampled: 20, lost: 2 } })).toEqual(['redis_views_lost']);
    });

    it('finds a PostgreSQL short of connections, sessions ended, and messages that stay', () => {
      const now = {
        ...DATABASE,
        connections: 85,
        sessionsKilled: 3,
        outboxMessages: 2,
        outboxAgeMs: 20_001,
      };
      expect(names({ database: DATABASE }, { database: now })).toEqual([
        'postgres_connections_short',
        'postgres_sessions_terminated',
        'outbox_not_draining',
      ]);
    });
  });
});
