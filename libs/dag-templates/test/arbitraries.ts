import fc from 'fast-check';
import { DEFAULT_TEMPLATES } from '../src/default-templates';
import { upstreamOf } from '../src/graph';
import { EXECUTOR, MODERATION, WEB_SEARCH } from '../src/stage-roles';
import type {
  RetryPolicy,
  StageLimits,
  TaskTemplate,
  TemplateConditions,
  TemplateStage,
} from '../src/template';

/** Real stages, some of no known output, and one whose name is also that of an inherited property. */
export const STAGE_POOL = [
  'intent_analysis',
  'embedding_lookup',
  WEB_SEARCH,
  EXECUTOR,
  MODERATION,
  'response_packaging',
  'translate',
  'rank-passages',
  'constructor',
];

const retry: fc.Arbitrary<RetryPolicy> = fc
  .tuple(fc.nat(3), fc.nat(5_000), fc.integer({ min: 1, max: 4 }), fc.nat(20_000))
  .map(([limit, backoffMs, factor, more]) => ({
    limit,
    backoffMs,
    factor,
    maxBackoffMs: backoffMs + more,
  }));

const limits: fc.Arbitrary<StageLimits> = fc.record({
  timeoutMs: fc.integer({ min: 10, max: 60_000 }),
  retry,
});

/** Stages that make a DAG, listed in any order. */
const stages: fc.Arbitrary<TemplateStage[]> = fc
  .shuffledSubarray(STAGE_POOL, { minLength: 1 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name, index) =>
        fc
          .record({ dependsOn: fc.shuffledSubarray(names.slice(0, index)), own: limits })
          .map(({ dependsOn, own }): TemplateStage => ({ name, dependsOn, ...own })),
      ),
    ),
  )
  .chain((made) => fc.shuffledSubarray(made, { minLength: made.length }));

/** Some that can always be told, and some that break where the input or an output lacks something. */
function condition(upstream: readonly string[]): fc.Arbitrary<string> {
  const ofStage = (name: string): string[] => [
    `"${name}" in upstream && "answer" in upstream["${name}"]`,
    `"${name}" in upstream`,
    `upstream["${name}"].depth == "deep"`,
  ];
  return fc.constantFrom(
    'has(input.depth)',
    'has(input.depth) && input.depth == "deep"',
    'input.depth != 1',
    'input.depth.startsWith("d")',
    ...upstream.flatMap(ofStage),
  );
}

function withConditions(made: readonly TemplateStage[]): fc.Arbitrary<TemplateStage[]> {
  return fc.tuple(
    ...made.map((stage) =>
      fc
        .oneof(
          { weight: 5, arbitrary: fc.constant(undefined) },
          { weight: 1, arbitrary: condition([...upstreamOf(made, stage.name)]) },
        )
        .map((when) => (when === undefined ? stage : { ...stage, when })),
    ),
  );
}

function conditionsFor(made: readonly TemplateStage[]): fc.Arbitrary<TemplateConditions> {
  const names = made.map(({ name }) => name);
  const canRevise = upstreamOf(made, MODERATION).has(EXECUTOR);
  const canSearch = names.includes(EXECUTOR) && !names.includes(WEB_SEARCH);
  const revising = fc.oneof(
    fc.constant({}),
    fc.record({ minConfidence: fc.constantFrom(0.5, 1) }),
    fc.record({ minConfidence: fc.constantFrom(0.5, 1), maxRevisions: fc.nat(3) }),
  );
  const searching = fc.oneof(fc.constant({}), fc.record({ webSearchOnDemand: limits }));
  return fc
    .tuple(canRevise ? revising : fc.constant({}), canSearch ? searching : fc.constant({}))
    .map(([revision, search]) => ({ ...revision, ...search }));
}

const randomTemplate: fc.Arbitrary<TaskTemplate> = stages
  .chain((made) => fc.tuple(withConditions(made), conditionsFor(made)))
  .map(([made, conditions]) => ({
    name: 'random',
    version: 1,
    description: 'A random DAG',
    stages: made,
    conditions,
  }));

/** Templates that can run, over the stages of the pool; the defaults among them. */
export const validTemplate: fc.Arbitrary<TaskTemplate> = fc.oneof(
  { weight: 1, arbitrary: randomTemplate },
  { weight: 1, arbitrary: fc.constantFrom(...DEFAULT_TEMPLATES) },
);

/** What agents, the network, the clock and the user do next; numbers are picks out of what there is. */
export type Step =
  | {
      do: 'complete';
      pick: number;
      doubt: boolean;
      search: boolean;
      broken: boolean;
      again: boolean;
    }
  | { do: 'fail'; pick: number; retryable: boolean; retryAfterMs: number; again: boolean }
  | { do: 'lose'; pick: number }
  | { do: 'wait'; ms: number }
  | { do: 'wake' }
  | { do: 'forge'; stage: string; attempt: number }
  | { do: 'abort' };

const pick = fc.nat(100);
const sometimes = fc.nat(3).map((number) => number === 0);
const rarely = fc.nat(19).map((number) => number === 0);

/** `again` keeps the message in flight, so that it comes a second time, perhaps much later. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 60,
      arbitrary: fc.record({
        do: fc.constant('complete' as const),
        pick,
        doubt: fc.boolean(),
        search: fc.boolean(),
        broken: rarely,
        again: sometimes,
      }),
    },
    {
      weight: 15,
      arbitrary: fc.record({
        do: fc.constant('fail' as const),
        pick,
        retryable: fc.nat(4).map((number) => number > 0),
        retryAfterMs: fc.nat(100_000),
        again: sometimes,
      }),
    },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('lose' as const), pick }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(30_000) }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant('wake' as const) }) },
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('forge' as const),
        stage: fc.constantFrom(...STAGE_POOL, '__proto__', 'toString', 'nobody'),
        attempt: fc.integer({ min: -1, max: 12 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const) }) },
  ),
  { maxLength: 80, size: 'large' },
);
