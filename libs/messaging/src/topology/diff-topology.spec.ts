import type { LiveBinding, LiveExchange, LivePolicy, LiveQueue } from '../management/schemas';
import { toDefinitions } from './definitions-export';
import { diffTopology } from './diff-topology';
import type { LiveTopology } from './live-topology';
import { TOPOLOGY } from './topology';

const exported = toDefinitions(TOPOLOGY, '/');

/** What the broker says once the topology is applied. */
const applied: LiveTopology = {
  exchanges: exported.exchanges.map((exchange): LiveExchange => ({ ...exchange })),
  queues: exported.queues.map((queue) => liveQueue(queue.name)),
  bindings: exported.bindings.map((binding): LiveBinding => ({ ...binding })),
  policies: exported.policies.map((policy): LivePolicy => ({
    ...policy,
    definition: { ...policy.definition },
  })),
};

function liveQueue(name: string, changes: Partial<LiveQueue> = {}): LiveQueue {
  return {
    name,
    type: 'quorum',
    durable: true,
    auto_delete: false,
    exclusive: false,
    arguments: { 'x-queue-type': 'quorum' },
    messages: 0,
    messages_ready: 0,
    messages_unacknowledged: 0,
    consumers: 0,
    ...changes,
  };
}

const withQueue = (queue: LiveQueue): LiveTopology => ({
  ...applied,
  queues: [...applied.queues.filter(({ name }) => name !== queue.name), queue],
});

describe('diffTopology', () => {
  it('finds nothing where everything is as wanted', () => {
    expect(diffTopology(applied, TOPOLOGY)).toEqual([]);
  });

  it('finds everything missing in an empty virtual host', () => {
    const empty: LiveTopology = { exchanges: [], queues: [], bindings: [], policies: [] };
    const differences = diffTopology(empty, TOPOLOGY);
    const { exchanges, queues, bindings, policies } = TOPOLOGY;
    expect(differences).toHaveLength(
      exchanges.length + queues.length + bindings.length + policies.length,
    );
    expect(differences.every(({ kind }) => kind === 'missing')).toBe(true);
  });

  it.each([
    ['a classic queue', { type: 'classic', arguments: {} }, /classic queue, not quorum/],
    ['an argument', { arguments: { 'x-queue-type': 'quorum', 'x-max-length': 5 } }, /x-max-length/],
    ['a queue of one connection', { exclusive: true }, /one connection/],
  ])('calls %s a conflict and tells the way out', (_name, changes, detail) => {
    const [difference, ...rest] = diffTopology(
      withQueue(liveQueue('intent.task', changes)),
      TOPOLOGY,
    ).filter(({ thing }) => thing === 'queue');
    expect(rest).toEqual([]);
    expect(difference).toMatchObject({
      kind: 'conflict',
      name: 'intent.task',
      detail: expect.stringMatching(detail),
      wayOut: expect.stringContaining('nothing was deleted'),
    });
  });

  it('calls an exchange of another type a conflict', () => {
    const exchanges = applied.exchanges.map((exchange) => ({ ...exchange, type: 'fanout' }));
    expect(diffTopology({ ...applied, exchanges }, TOPOLOGY)).toEqual([
      expect.objectContaining({ kind: 'conflict', name: 'mcp.tasks' }),
      expect.objectContaining({ kind: 'conflict', name: 'mcp.events' }),
    ]);
  });

  it('tells what changed in a policy', () => {
    const policies = applied.policies.map((policy) =>
      policy.name === 'mcp.task-queues'
        ? { ...policy, definition: { ...policy.definition, 'delivery-limit': 3, expires: 1 } }
        : policy,
    );
    expect(diffTopology({ ...applied, policies }, TOPOLOGY)).toEqual([
      {
        kind: 'changed',
        thing: 'policy',
        name: 'mcp.task-queues',
        detail: 'delivery-limit: 3 is to be 5; expires: 1 is to be nothing',
      },
    ]);
  });

  it('calls a foreign policy that takes the place of ours a conflict', () => {
    const policy = {
      name: 'everything',
      pattern: '^mcp\\.res',
      'apply-to': 'all',
      priority: 50,
      definition: {},
    };
    const differences = diffTopology(
      { ...applied, policies: [...applied.policies, policy] },
      TOPOLOGY,
    );
    expect(differences.map(({ kind, name }) => [kind, name])).toEqual([
      ['conflict', 'mcp.results'],
      ['conflict', 'mcp.responses'],
    ]);
  });

  it('leaves a foreign policy of lower priority alone', () => {
    const policy = {
      name: 'everything',
      pattern: '.*',
      'apply-to': 'all',
      priority: 0,
      definition: {},
    };
    expect(diffTopology({ ...applied, policies: [...applied.policies, policy] }, TOPOLOGY)).toEqual(
      [],
    );
  });

  it('reports extra queues under names of its own, and no foreign ones', () => {
    const live = {
      ...applied,
      queues: [...applied.queues, liveQueue('old.task'), liveQueue('somebody.else')],
    };
    expect(diffTopology(live, TOPOLOGY)).toEqual([
      expect.objectContaining({ kind: 'extra', thing: 'queue', name: 'old.task' }),
    ]);
  });

  it('reports extra routes, but not those of a connection’s own queue', () => {
    const binding = {
      source: 'mcp.events',
      destination: 'amq.gen-1',
      destination_type: 'queue',
      routing_key: '#',
      arguments: {},
    } as const;
    const live = { ...applied, bindings: [...applied.bindings, binding] };
    expect(diffTopology(live, TOPOLOGY)).toEqual([
      expect.objectContaining({ kind: 'extra', name: 'mcp.events → amq.gen-1 (#)' }),
    ]);
    const own = liveQueue('amq.gen-1', { exclusive: true });
    expect(diffTopology({ ...live, queues: [...applied.queues, own] }, TOPOLOGY)).toEqual([]);
  });
});
