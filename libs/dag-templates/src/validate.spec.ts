import { STAGE_NAMES } from '@askflash/contracts';
import fc from 'fast-check';
import { STAGE_POOL, validTemplate } from '../test/arbitraries';
import { DEFAULT_TEMPLATES } from './default-templates';
import { TemplateInvalidError } from './errors';
import { parseTemplate } from './parse-template';
import { taskTemplate } from './template';
import { validateTemplate } from './validate';

const known = { stages: STAGE_POOL };
const minimal = { name: 'tiny', version: 1, description: 'One' };
const stage = (name: string, dependsOn: string[] = [], more: object = {}): object => ({
  name,
  dependsOn,
  timeoutMs: 1_000,
  ...more,
});
const problemsOf = (
  stages: object[],
  conditions: object = {},
): (readonly [string, string, string])[] => {
  const validation = validateTemplate({ ...minimal, stages, conditions });
  return validation.ok
    ? []
    : validation.problems.map(({ code, path, message }) => [code, path, message] as const);
};

describe('validateTemplate', () => {
  it.each(DEFAULT_TEMPLATES.map((template) => [template.name, template] as const))(
    'accepts the default %s as it is stored',
    (_name, template) => {
      const stored: unknown = JSON.parse(JSON.stringify(template));
      expect(validateTemplate(stored)).toEqual({ ok: true, template });
    },
  );

  it('fills in one retry with a growing pause where a template says nothing', () => {
    expect(
      parseTemplate({ ...minimal, stages: [{ name: 'moderation', timeoutMs: 10 }] }),
    ).toMatchObject({
      stages: [
        {
          dependsOn: [],
          retry: { limit: 1, backoffMs: 1_000, factor: 2, maxBackoffMs: 30_000 },
        },
      ],
      conditions: {},
    });
  });

  it('names the way of a cycle, once, and what waits behind it', () => {
    expect(
      problemsOf([
        stage('intent_analysis', ['executor_reasoning']),
        stage('embedding_lookup', ['intent_analysis']),
        stage('executor_reasoning', ['embedding_lookup']),
        stage('moderation', ['executor_reasoning']),
      ]),
    ).toEqual([
      [
        'CYCLE',
        'stages.0.dependsOn',
        'intent_analysis → executor_reasoning → embedding_lookup → intent_analysis wait for each other',
      ],
      [
        'STAGE_UNREACHABLE',
        'stages.3.dependsOn',
        'moderation waits for executor_reasoning, which can never complete',
      ],
    ]);
  });

  it('finds a stage that depends on itself', () => {
    expect(problemsOf([stage('moderation', ['moderation'])])).toMatchObject([
      ['CYCLE', 'stages.0.dependsOn', 'moderation → moderation wait for each other'],
    ]);
  });

  it('finds a dependency that is no stage, and what can never start for it', () => {
    expect(
      problemsOf([
        stage('embedding_lookup', ['intent_analysis']),
        stage('moderation', ['embedding_lookup']),
      ]),
    ).toMatchObject([
      ['DEPENDENCY_UNKNOWN', 'stages.0.dependsOn.0', 'the template has no stage intent_analysis'],
      ['STAGE_UNREACHABLE', 'stages.1.dependsOn', expect.any(String)],
    ]);
  });

  it.each([
    [
      'a doubled stage',
      [stage('moderation'), stage('moderation')],
      'STAGE_DOUBLED',
      'stages.1.name',
    ],
    ['a stage nobody works off', [stage('dream')], 'STAGE_UNKNOWN', 'stages.0.name'],
    [
      'a doubled dependency',
      [stage('web_search'), stage('moderation', ['web_search', 'web_search'])],
      'DEPENDENCY_DOUBLED',
      'stages.1.dependsOn.1',
    ],
    [
      'a time-out of nothing',
      [stage('moderation', [], { timeoutMs: 0 })],
      'TIMEOUT_UNREASONABLE',
      'stages.0.timeoutMs',
    ],
    [
      'a time-out of days',
      [stage('moderation', [], { timeoutMs: 86_400_001 })],
      'TIMEOUT_UNREASONABLE',
      'stages.0.timeoutMs',
    ],
    [
      'a first pause longer than the longest',
      [stage('moderation', [], { retry: { backoffMs: 60_000 } })],
      'BACKOFF_UNREASONABLE',
      'stages.0.retry.backoffMs',
    ],
    [
      'a condition on a stage that may not have run',
      [stage('web_search'), stage('moderation', [], { when: 'has(upstream.web_search)' })],
      'CONDITION_NOT_UPSTREAM',
      'stages.1.when',
    ],
    [
      'a condition that cannot be read',
      [stage('moderation', [], { when: 'input.depth ==' })],
      'CONDITION_INVALID',
      'stages.0.when',
    ],
    [
      'a condition that is neither true nor false',
      [stage('moderation', [], { when: 'size(input)' })],
      'CONDITION_INVALID',
      'stages.0.when',
    ],
    [
      'a condition that is no text',
      [stage('moderation', [], { when: { path: [], exists: true } })],
      'SHAPE_INVALID',
      'stages.0.when',
    ],
    [
      'a condition that is too long',
      [stage('moderation', [], { when: `input.a == "${'x'.repeat(1_000)}"` })],
      'SHAPE_INVALID',
      'stages.0.when',
    ],
    ['no stage at all', [], 'SHAPE_INVALID', 'stages'],
    ['an unknown field', [stage('moderation', [], { run: 'rm' })], 'SHAPE_INVALID', 'stages.0'],
  ])('finds %s', (_what, stages, code, path) => {
    expect(problemsOf(stages)).toMatchObject([[code, path, expect.any(String)]]);
  });

  it.each([
    ['a confidence nobody reports', { minConfidence: 0.5 }, 'conditions.minConfidence'],
    ['revisions without a threshold', { maxRevisions: 1 }, 'conditions.maxRevisions'],
    [
      'a web search nobody asks for',
      { webSearchOnDemand: { timeoutMs: 1_000 } },
      'conditions.webSearchOnDemand',
    ],
  ])('finds %s', (_what, conditions, path) => {
    expect(problemsOf([stage('embedding_lookup')], conditions)).toMatchObject([
      ['CONDITION_USELESS', path, expect.any(String)],
    ]);
  });

  it('finds a web search on demand where there is one anyway', () => {
    expect(
      problemsOf([stage('web_search'), stage('executor_reasoning', ['web_search'])], {
        webSearchOnDemand: { timeoutMs: 1_000 },
      }),
    ).toMatchObject([['CONDITION_USELESS', 'conditions.webSearchOnDemand', expect.any(String)]]);
  });

  it.each([null, 1, 'x', [], { stages: 'none' }])('finds that %j is no template', (candidate) => {
    expect(validateTemplate(candidate)).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.objectContaining({ code: 'SHAPE_INVALID' })]),
    });
  });

  it('takes the stages of the contracts for known', () => {
    const stages = STAGE_NAMES.map((name) => stage(name));
    expect(problemsOf(stages)).toEqual([]);
  });
});

describe('parseTemplate', () => {
  it('throws every problem at once', () => {
    const stages = [stage('dream'), stage('moderation', ['sleep'])];
    expect(() => parseTemplate({ ...minimal, stages })).toThrow(TemplateInvalidError);
    expect(() => parseTemplate({ ...minimal, stages })).toThrow(
      /stages\.0\.name: .*; stages\.1\.dependsOn\.0: /,
    );
  });
});

describe('for random templates', () => {
  const codes = (candidate: unknown): string[] => {
    const validation = validateTemplate(candidate, known);
    return validation.ok ? [] : validation.problems.map(({ code }) => code);
  };

  it('every DAG passes, as the template it is', () => {
    fc.assert(
      fc.property(validTemplate, (template) => {
        expect(validateTemplate(template, known)).toEqual({ ok: true, template });
      }),
    );
  });

  it('an arrow back makes a cycle', () => {
    fc.assert(
      fc.property(validTemplate, fc.nat(), (template, pick) => {
        const edges = template.stages.flatMap(({ name, dependsOn }) =>
          dependsOn.map((above) => ({ from: above, to: name })),
        );
        const edge = edges[pick % Math.max(edges.length, 1)];
        fc.pre(edge !== undefined);
        const stages = template.stages.map((own) =>
          own.name === edge?.from ? { ...own, dependsOn: [...own.dependsOn, edge.to] } : own,
        );
        expect(codes({ ...template, stages })).toContain('CYCLE');
      }),
    );
  });

  it('a stage taken out is missed by those that depended on it, and by nobody else', () => {
    fc.assert(
      fc.property(validTemplate, fc.nat(), (template, pick) => {
        const gone = template.stages[pick % template.stages.length]?.name ?? '';
        const stages = template.stages.filter(({ name }) => name !== gone);
        fc.pre(stages.length > 0);
        const missed = stages.filter(({ dependsOn }) => dependsOn.includes(gone)).length;
        const found = codes({ ...template, stages }).filter(
          (code) => code === 'DEPENDENCY_UNKNOWN',
        );
        expect(found).toHaveLength(missed);
      }),
    );
  });

  it('a stage put in twice is doubled', () => {
    fc.assert(
      fc.property(validTemplate, fc.nat(), (template, pick) => {
        const twice = template.stages[pick % template.stages.length];
        expect(codes({ ...template, stages: [...template.stages, twice] })).toContain(
          'STAGE_DOUBLED',
        );
      }),
    );
  });

  it('no candidate makes it throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (candidate) => {
        expect(validateTemplate(candidate).ok).toBe(taskTemplate.safeParse(candidate).success);
      }),
    );
  });
});
