import { count, list, span } from './words';

describe('words', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [-1_000, '1.0 s'],
    [59_999, '59.9 s'],
    [60_000, '1 min 0 s'],
    [3_599_999, '59 min 59 s'],
    [3_600_000, '1 h 0 min'],
    [90_000_000, '25 h 0 min'],
  ])('say %i ms as %s', (ms, words) => expect(span(ms)).toBe(words));

  it('count and list', () => {
    expect([0, 1, 2].map((number) => count(number, 'stage'))).toEqual([
      '0 stages',
      '1 stage',
      '2 stages',
    ]);
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(list)).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});
