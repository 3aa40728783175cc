import { newId } from '@askflash/config';
import { IDLE_QUEUE, TaskInMemory, WELL, defaultTemplate } from '../../test/task-in-memory';
import type { Cause, Instance } from './dto';
import { explain } from './explain';
import type { UnconfirmedMessage } from './facts';
import { toText } from './summarize';

const quick = () => new TaskInMemory(defaultTemplate('quick_answer'));

/** The causes that are not explained by further ones. */
const ends = (causes: readonly Cause[]): Cause[] =>
  causes.flatMap((cause) => (cause.type === 'dependency' ? ends(cause.because) : [cause]));
const typesOf = (causes: readonly Cause[]) => ends(causes).map(({ type }) => type);
const waitingFor = (task: TaskInMemory, ...known: Parameters<TaskInMemory['facts']>) =>
  ends(explain(task.facts(...known)).waitingFor);

const queues = (queue: string, facts: Partial<typeof IDLE_QUEUE>) => ({
  broker: { ...WELL, queues: new Map([[queue, { ...IDLE_QUEUE, ...facts }]]) },
});
const instance = (status: Instance['status'], seenAgoMs = 1_000): Instance => ({
  instanceId: newId(),
  agent: 'embedding',
  status,
  reason: status === 'unhealthy' ? 'It missed 3 heartbeats' : null,
  inFlight: 2,
  seenAgoMs,
});
const unconfirmed = ({ task, requested: [stage = ''] }: TaskInMemory): UnconfirmedMessage => ({
  request: { stage, attempt: task.state.stages[stage]?.attempt ?? 0 },
  createdAt: task.createdAt,
  nextAttemptAt: new Date(task.createdAt.getTime() + 10_000),
  attempts: 0,
});

describe('explain', () => {
  it('goes from the last stage down to the one that is at work', () => {
    const { waitingFor: causes, stages } = explain(quick().facts());
    expect(causes).toMatchObject([
      {
        type: 'dependency',
        stage: 'response_packaging',
        dependsOn: 'executor_reasoning',
        because: [
          {
            type: 'dependency',
            stage: 'executor_reasoning',
            dependsOn: 'embedding_lookup',
            because: [{ type: 'running', stage: 'embedding_lookup', evidence: 'not_in_queue' }],
          },
        ],
      },
    ]);
    expect(stages).toEqual({ done: 0, count: 3 });
  });

  it('tells of each branch, and once what both wait for', () => {
    const task = new TaskInMemory(defaultTemplate('complex_research'));
    expect(typesOf(explain(task.facts()).waitingFor)).toEqual(['running']);
    task.complete('intent_analysis').fail('web_search');
    expect(waitingFor(task)).toMatchObject([
      { type: 'running', stage: 'embedding_lookup' },
      { type: 'backing_off', stage: 'web_search' },
    ]);
  });

  it('estimates how long a queue takes, from what drains out of it', () => {
    const draining = queues('embedding.task', { ready: 12, drainPerSecond: 2.5 });
    const task = quick().wait(3_000);
    expect(waitingFor(task, draining)).toMatchObject([
      { type: 'queued', sinceMs: 3_000, ready: 12, drainPerSecond: 2.5, estimatedWaitMs: 4_800 },
    ]);
    expect(explain(task.facts(draining)).summary).toContain(
      'embedding_lookup, attempt 1 (requested 3.0 s ago, given up in 12.0 s), waits in embedding.task: 12 messages wait there and 0 are with agents. With 1 consumer it drains at 2.5 a second, so its turn comes within 4.8 s.',
    );
  });

  it.each([0, null])('estimates nothing where %s is taken a second', (drainPerSecond) => {
    const stuck = queues('embedding.task', { ready: 12, drainPerSecond });
    expect(waitingFor(quick(), stuck)).toMatchObject([{ type: 'queued', estimatedWaitMs: null }]);
  });

  it('takes an agent’s word that it is at work', () => {
    const said = { stage: 'embedding_lookup', attempt: 1 };
    const progress = { ...said, type: 'progress', message: 'Reading', fraction: 0.5 } as const;
    const busy = queues('embedding.task', { ready: 12 });
    expect(waitingFor(quick(), { ...busy, progress: [progress] })).toMatchObject([
      { type: 'running', evidence: 'progress', progress: { message: 'Reading', fraction: 0.5 } },
    ]);
    const token = { ...said, type: 'token', text: 'It' } as const;
    expect(waitingFor(quick(), { progress: [token, progress] })).toMatchObject([
      { type: 'running', evidence: 'progress', progress: { message: null, fraction: null } },
    ]);
    const earlier = quick().fail('embedding_lookup').wake();
    expect(waitingFor(earlier, { progress: [progress] })).toMatchObject([
      { type: 'running', attempt: 2, evidence: 'not_in_queue' },
    ]);
  });

  it('tells that nobody consumes the queue, and who was seen last', () => {
    const deserted = queues('embedding.task', { ready: 1, consumers: 0 });
    const last = instance('unhealthy', 600_000);
    const instances = new Map([['embedding.task', [last]]]);
    expect(waitingFor(quick(), { ...deserted, instances })).toMatchObject([
      { type: 'queued', ready: 1, consumers: 0, instances: [] },
      {
        type: 'no_consumer',
        queue: 'embedding.task',
        ready: 1,
        lastSeen: { instanceId: last.instanceId, agent: 'embedding', seenAgoMs: 600_000 },
      },
    ]);
    expect(waitingFor(quick(), deserted)).toMatchObject([
      { type: 'queued' },
      { type: 'no_consumer', lastSeen: null },
    ]);
  });

  it('tells which instances cannot work, and why', () => {
    const [well, ill] = [instance('healthy'), instance('unhealthy')];
    const instances = new Map([['embedding.task', [well, ill]]]);
    expect(waitingFor(quick(), { instances })).toMatchObject([
      { type: 'running', instances: [well, ill] },
      { type: 'consumers_unhealthy', healthy: 1, unhealthy: [ill] },
    ]);
    expect(explain(quick().facts({ instances })).summary).toContain('It missed 3 heartbeats');
  });

  it('tells that a queue is missing, or an agent for the stage', () => {
    expect(waitingFor(quick(), { broker: { ...WELL, queues: new Map() } })).toEqual([
      { type: 'queue_missing', stage: 'embedding_lookup', queue: 'embedding.task' },
    ]);
    const stages = [
      { ...defaultTemplate('quick_answer').stages[0], name: 'translate', dependsOn: [] },
    ];
    const unknown = new TaskInMemory({ ...defaultTemplate('quick_answer'), stages });
    expect(waitingFor(unknown)).toEqual([
      { type: 'queue_missing', stage: 'translate', queue: null },
    ]);
  });

  it('tells that a request is unsent once its confirm would have been noted', () => {
    const task = quick();
    const known = { unconfirmed: [unconfirmed(task)] };
    expect(waitingFor(task, known)).toMatchObject([{ type: 'running' }]);
    expect(waitingFor(task.wait(1_200), known)).toMatchObject([
      {
        type: 'unsent',
        attempt: 1,
        sinceMs: 1_200,
        resends: 0,
        nextInMs: 8_800,
        refusedAgoMs: null,
      },
    ]);
    expect(waitingFor(task, { ...known, broker: { ...WELL, refusedAgoMs: 50 } })).toMatchObject([
      { type: 'unsent', refusedAgoMs: 50 },
    ]);
  });

  it.each([
    [{ ...WELL, state: 'blocked' }, { type: 'broker_blocked' }],
    [
      { ...WELL, state: 'unreachable', reason: 'gone' },
      { type: 'broker_unreachable', reason: 'gone' },
    ],
  ] as const)(
    'tells that the broker is in trouble, and that nothing is sent then',
    (broker, told) => {
      const task = quick();
      expect(waitingFor(task, { broker, unconfirmed: [unconfirmed(task)] })).toMatchObject([
        { type: 'unsent', sinceMs: 0 },
        told,
      ]);
      expect(waitingFor(task, { broker })).toMatchObject([{ type: 'running' }, told]);
    },
  );

  it('says no more than that where the broker cannot be asked', () => {
    const state = { state: 'unreachable', reason: 'gone', queues: undefined } as const;
    const broker = { ...state, answersWaiting: null, refusedAgoMs: null };
    expect(waitingFor(quick(), { broker })).toEqual([
      { type: 'broker_unreachable', stage: 'embedding_lookup', reason: 'gone' },
    ]);
  });

  it('tells when a stage that failed is tried again, and whose wish that is', () => {
    expect(waitingFor(quick().fail('embedding_lookup'))).toMatchObject([
      { type: 'backing_off', attempt: 1, failures: 1, maxFailures: 2, askedByAgent: false },
    ]);
    const asked = quick().fail('embedding_lookup', { retryAfterMs: 20_000 }).wait(5_000);
    expect(waitingFor(asked)).toMatchObject([
      {
        type: 'backing_off',
        error: { code: 'AGENT_BROKE' },
        inMs: 15_000,
        nextAttemptAt: '2026-01-01T00:00:20.000Z',
        askedByAgent: true,
      },
    ]);
    expect(explain(asked.wait(16_000).facts()).summary).toContain('is due since 1.0 s');
  });

  it('tells that an attempt’s time is over, before its reasons', () => {
    const deserted = queues('embedding.task', { ready: 1, consumers: 0 });
    expect(waitingFor(quick().wait(15_100), deserted)).toMatchObject([
      { type: 'timing_out', stage: 'embedding_lookup', attempt: 1, overdueMs: 100 },
      { type: 'queued', leftMs: -100 },
      { type: 'no_consumer' },
    ]);
  });

  it('tells what is left until the deadline, and that it has passed', () => {
    const task = new TaskInMemory(defaultTemplate('quick_answer'), { deadlineMs: 2_000 }).wait(500);
    const { deadline, summary } = explain(task.facts());
    expect(deadline).toEqual({ at: '2026-01-01T00:00:02.000Z', leftMs: 1_500 });
    expect(summary).toContain('1.5 s are left');
    expect(waitingFor(task.wait(1_600))).toMatchObject([
      { type: 'timing_out', stage: null, overdueMs: 100 },
      { type: 'timing_out', stage: 'embedding_lookup' },
      { type: 'running' },
    ]);
  });

  it('tells of a revision, and of a web search on demand', () => {
    const task = new TaskInMemory(defaultTemplate('standard_query'));
    task.complete('intent_analysis').complete('embedding_lookup').complete('executor_reasoning');
    task.complete('moderation', { confidence: 0.1, reasons: [] });
    expect(waitingFor(task)).toMatchObject([
      { type: 'revised', stage: 'executor_reasoning', revision: 1, confidence: 0.1 },
      { type: 'running', stage: 'executor_reasoning', attempt: 2 },
    ]);
    task.complete('executor_reasoning', { answer: 'a', sources: [], needsWebSearch: true });
    expect(waitingFor(task)).toMatchObject([
      { type: 'revised', revision: 1 },
      { type: 'inserted', stage: 'web_search', before: 'executor_reasoning' },
      { type: 'running', stage: 'web_search', attempt: 1 },
    ]);
  });

  it('tells of conditions: of stages that may yet run, and of those that do not', () => {
    const [first, ...others] = defaultTemplate('complex_research').stages;
    const stages = others.map((stage) =>
      stage.name === 'web_search' ? { ...stage, when: 'has(input.deep)' } : stage,
    );
    const task = new TaskInMemory({
      ...defaultTemplate('complex_research'),
      stages: first ? [first, ...stages] : stages,
    });
    expect(toText(explain(task.facts()))).toContain(
      'web_search waits for intent_analysis. web_search runs only where this holds: has(input.deep).',
    );
    const { skipped, summary } = explain(task.complete('intent_analysis').facts());
    expect(skipped).toEqual([{ stage: 'web_search', when: 'has(input.deep)' }]);
    expect(summary).toContain('web_search is skipped, as this does not hold: has(input.deep).');
  });

  it('tells how a task ended, and that nobody was told yet', () => {
    const task = new TaskInMemory(defaultTemplate('simple_lookup')).complete('embedding_lookup');
    expect(explain(task.facts()).waitingFor).toEqual([
      { type: 'ended', status: 'complete', at: '2026-01-01T00:00:00.000Z', error: null },
    ]);
    const failed = quick().fail('embedding_lookup', { retryable: false });
    const message = { ...unconfirmed(failed), request: undefined };
    const broker = { ...WELL, state: 'unreachable', reason: 'gone' } as const;
    expect(waitingFor(failed, { unconfirmed: [message], broker })).toMatchObject([
      { type: 'ended', status: 'failed', error: { code: 'AGENT_BROKE' } },
      { type: 'unsent', stage: null, attempt: null },
      { type: 'broker_unreachable', stage: null },
    ]);
  });
});

describe('toText', () => {
  it('has a line for each link, below the one that it explains', () => {
    const task = new TaskInMemory(defaultTemplate('quick_answer'), { deadlineMs: 60_000 });
    const lines = toText(explain(task.fail('embedding_lookup').facts())).split('\n');
    expect(lines).toEqual([
      expect.stringMatching(/^At 2026.* is in_progress; 0 of its 3 stages are done\.$/),
      '- response_packaging waits for executor_reasoning.',
      '  - executor_reasoning waits for embedding_lookup.',
      expect.stringMatching(
        /^ {4}- embedding_lookup, attempt 1, failed with AGENT_BROKE: It broke\./,
      ),
      expect.stringMatching(/^Until the deadline .* 1 min 0 s are left\.$/),
      '',
    ]);
  });
});
