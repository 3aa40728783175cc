import fc from 'fast-check';
import { TASK_ID, START, outputOf } from '../test/world';
import { judge } from './condition';
import { parseTemplate } from './parse-template';
import { reduce } from './reduce';
import { startTask } from './start-task';

const input = {
  depth: 'deep',
  count: 3,
  ratio: 0.5,
  flag: true,
  nothing: null,
  tags: ['a', null],
  nested: { on: false, 'odd-key': 1 },
};

const template = parseTemplate({
  name: 'asking',
  version: 1,
  description: 'Two stages, the second of which asks',
  stages: [
    { name: 'embedding_lookup', timeoutMs: 1_000 },
    { name: 'executor_reasoning', timeoutMs: 1_000, dependsOn: ['embedding_lookup'] },
  ],
});

const { state } = reduce(
  template,
  startTask({ taskId: TASK_ID, template, now: START, input }).state,
  {
    type: 'stage.completed',
    stage: 'embedding_lookup',
    attempt: 1,
    output: outputOf('embedding_lookup'),
  },
  START,
);

const ask = (condition: string, stage = 'executor_reasoning') =>
  judge(condition, { template, state, stage });

describe('judge', () => {
  it.each([
    ['input.depth == "deep"', 'true'],
    ['input.depth == "shallow"', 'false'],
    ['input.count == 3', 'true'],
    ['input.count > 2 && input.ratio < 1', 'true'],
    ['input.count == "3"', 'false'],
    ['input.flag', 'true'],
    ['!input.nested.on', 'true'],
    ['input.nested["odd-key"] == 1', 'true'],
    ['input.nothing == null', 'true'],
    ['null in input.tags', 'true'],
    ['size(input.tags) == 2', 'true'],
    ['has(input.depth)', 'true'],
    ['has(input.missing)', 'false'],
    ['has(input.missing) && input.missing > 1', 'false'],
    ['has(input.constructor) || has(input.toString)', 'false'],
    ['has(upstream.embedding_lookup)', 'true'],
    ['has(upstream.web_search)', 'false'],
    ['upstream.embedding_lookup.passages.exists(p, p.score > 0.5)', 'true'],
    ['upstream.embedding_lookup.passages.filter(p, p.score > 1).size() == 0', 'true'],
    ['upstream.embedding_lookup.passages[0].path.startsWith("embedding")', 'true'],
  ])('%s is %s', (condition, outcome) => {
    expect(ask(condition)).toEqual({ outcome });
  });

  it.each([
    ['input.missing == 1', 'No such key: missing'],
    ['input.nested.on.deeper', 'No such key: deeper'],
    ['input.tags[7] == "a"', 'index'],
    ['input.depth', 'neither true nor false'],
    ['input.depth > 3', 'no such overload'],
    ['input.constructor == 1', 'No such key: constructor'],
    ['input.__proto__ == 1', '__proto__'],
    ['nobody == 1', 'Unknown variable: nobody'],
    ['input. ==', 'Expected'],
  ])('%s cannot be told: %s', (condition, message) => {
    expect(ask(condition)).toEqual({
      outcome: 'broken',
      message: expect.stringContaining(message),
    });
  });

  it('sees of other stages only what is upstream', () => {
    expect(ask('has(upstream.embedding_lookup)', 'embedding_lookup')).toEqual({ outcome: 'false' });
  });

  it('never throws, whatever the expression', () => {
    const token = fc.constantFrom(
      ...[
        'input',
        'upstream',
        '.',
        '[',
        ']',
        '(',
        ')',
        '"a"',
        '0',
        '-1',
        '.x',
        'has',
        'size',
        '==',
      ],
      ...[
        '&&',
        '||',
        '!',
        '?',
        ':',
        'in',
        '{',
        '}',
        ',',
        '.all(x,',
        'matches',
        '__proto__',
        "b'a'",
      ],
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token).map((all) => all.join('')),
        ),
        (text) => {
          expect(['true', 'false', 'broken']).toContain(ask(text).outcome);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});
