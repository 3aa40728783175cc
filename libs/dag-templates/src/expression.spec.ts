import { checkExpression } from './expression';

describe('checkExpression', () => {
  it.each([
    ['input.depth == "deep"', []],
    ['upstream.intent_analysis.needsWebSearch', ['intent_analysis']],
    [
      'upstream["rank-passages"].x == 1 || has(upstream.moderation)',
      ['rank-passages', 'moderation'],
    ],
    ['upstream.a.xs.exists(x, x.upstream == 1) && upstream.a.y', ['a']],
  ])('takes %s, which asks about %j', (expression, stages) => {
    expect(checkExpression(expression)).toEqual({ ok: true, stages });
  });

  it.each([
    ['1 +', 'Unexpected token'],
    ['process.exit(1)', 'process'],
    ['globalThis == null', 'Unknown variable: globalThis'],
    ['size(input)', 'gives int'],
    ['"yes"', 'gives string'],
    ['input.constructor("return 1")()', 'Unexpected'],
    ['input.a.matches("(a+)+$")', 'matches() is not for conditions'],
    ['input.a.map(x, x).size() == 1', 'map() is not for conditions'],
    ['cel.bind(x, input.a, x == 1)', 'maxCallArguments'],
    ['input.a.all(x, input.b.exists(y, x == y))', 'not input'],
    ['input.a.exists(x, x == upstream.web_search.y)', 'not upstream'],
    ['timestamp("2020-01-01T00:00:00Z").getHours("Asia/Tokyo") == 1', 'getHours() is not'],
    [Array.from({ length: 150 }, () => 'input.a').join(' || '), 'maxAstNodes'],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 'maxDepth'],
    [`input${'.a'.repeat(40)} == 1`, 'maxDepth'],
    [`1 in [${Array.from({ length: 60 }, (_one, index) => index).join()}]`, 'maxListElements'],
  ])('refuses %s: %s', (expression, message) => {
    expect(checkExpression(expression)).toEqual({
      ok: false,
      message: expect.stringContaining(message),
    });
  });
});
