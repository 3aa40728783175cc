import { AGENT_STATUSES, AGENTS, STAGE_NAMES, type ProgressEvent } from '@askflash/contracts';
import { DEFAULT_TEMPLATES, taskTemplate, type TaskTemplate } from '@askflash/dag-templates';
import fc from 'fast-check';
import type { BrokerFacts, Facts, QueueFacts } from '../src/why/facts';
import { TaskInMemory } from './task-in-memory';

/** Any DAG of stages that there are, and of one that nobody works off. */
const randomTemplate: fc.Arbitrary<TaskTemplate> = fc
  .shuffledSubarray([...STAGE_NAMES, 'constructor'], { minLength: 1 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name, index) =>
        fc.record({
          name: fc.constant(name),
          dependsOn: fc.shuffledSubarray(names.slice(0, index)),
          timeoutMs: fc.integer({ min: 10, max: 60_000 }),
          retry: fc.record({ limit: fc.nat(2), backoffMs: fc.nat(5_000) }),
          when: fc.option(fc.constantFrom('true', 'has(input.deep)'), { nil: undefined }),
        }),
      ),
    ),
  )
  .map((stages) => {
    const about = { name: 'random', version: 1, description: 'A random DAG' };
    return taskTemplate.parse({ ...about, stages });
  });
const template = fc.oneof(randomTemplate, fc.constantFrom(...DEFAULT_TEMPLATES));

const step = fc.oneof(
  fc.record({ do: fc.constant('complete' as const), pick: fc.nat(9), doubt: fc.boolean() }),
  fc.record({ do: fc.constant('fail' as const), pick: fc.nat(9), retryAfterMs: fc.nat(100_000) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(90_000) }),
  fc.record({ do: fc.constant('wake' as const) }),
);

/** A task somewhere on its way, and perhaps at its end. */
const task = fc
  .tuple(template, fc.array(step, { maxLength: 12 }), fc.option(fc.nat(60_000), { nil: undefined }))
  .map(([chosen, steps, deadlineMs]) => {
    const running = new TaskInMemory(chosen, { deadlineMs });
    for (const one of steps) {
      if (one.do === 'wait') running.wait(one.ms);
      else if (one.do === 'wake') running.wake();
      else play(running, one);
    }
    return running;
  });

function play(
  running: TaskInMemory,
  one:
    | { do: 'complete'; pick: number; doubt: boolean }
    | { do: 'fail'; pick: number; retryAfterMs: number },
): void {
  const { requested } = running;
  const stage = requested[one.pick % requested.length];
  if (stage === undefined) return;
  if (one.do === 'fail') running.fail(stage, one);
  else if (one.doubt && stage === 'moderation') {
    running.complete(stage, { confidence: 0.1, reasons: [] });
  } else running.complete(stage);
}

const ago = fc.nat(600_000);
const instance = fc.record({
  instanceId: fc.constant('019a0000-0000-7000-8000-000000000001'),
  agent: fc.constant('embedding'),
  status: fc.constantFrom(...AGENT_STATUSES),
  reason: fc.option(fc.constant('It missed 3 heartbeats.')),
  inFlight: fc.nat(20),
  seenAgoMs: ago,
});
const rate = fc.option(fc.double({ min: 0, max: 1_000, noNaN: true }));
const queue: fc.Arbitrary<QueueFacts> = fc.record({
  ready: fc.nat(5),
  consumers: fc.nat(2),
  handedOut: fc.option(fc.nat(20)),
  drainPerSecond: rate,
});
const byQueue = <T>(value: fc.Arbitrary<T>) =>
  fc
    .array(fc.tuple(fc.constantFrom(...AGENTS.map((agent) => agent.queue)), value))
    .map((entries) => new Map(entries));

const load = { answersWaiting: fc.option(fc.nat(9)), refusedAgoMs: fc.option(ago) };
const broker: fc.Arbitrary<BrokerFacts> = fc.oneof(
  fc.record({
    ...load,
    state: fc.constantFrom('ok' as const, 'blocked' as const),
    queues: byQueue(queue),
  }),
  fc.record({
    ...load,
    state: fc.constant('unreachable' as const),
    reason: fc.constant('no answer'),
    queues: fc.option(byQueue(queue), { nil: undefined }),
  }),
);

/** All that can be known of any task that can be, on servers in any state. */
export const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    running: task,
    broker,
    instances: byQueue(fc.array(instance, { maxLength: 3 })),
    unsent: fc.option(fc.record({ ago, next: ago, attempts: fc.nat(5) })),
    said: fc.option(fc.constantFrom('progress' as const, 'token' as const)),
  })
  .map(({ running, unsent, said, ...known }) =>
    toFacts(running, running.facts(known), unsent, said),
  );

function toFacts(
  running: TaskInMemory,
  known: Facts,
  unsent: { ago: number; next: number; attempts: number } | null,
  said: 'progress' | 'token' | null,
): Facts {
  const now = known.at.getTime();
  const stages = known.task.state.stages;
  const requested = running.requested.map((stage) => ({
    stage,
    attempt: stages[stage]?.attempt ?? 0,
  }));
  return {
    ...known,
    unconfirmed:
      unsent === null
        ? []
        : [...requested, undefined].map((request) => ({
            request,
            createdAt: new Date(now - unsent.ago),
            nextAttemptAt: new Date(now + unsent.next - 300_000),
            attempts: unsent.attempts,
          })),
    progress: requested.flatMap((of): ProgressEvent[] => {
      if (said === null) return [];
      if (said === 'token') return [{ ...of, type: said, text: 'It' }];
      return [{ ...of, type: said, message: 'Reading', fraction: 0.25 }];
    }),
  };
}
