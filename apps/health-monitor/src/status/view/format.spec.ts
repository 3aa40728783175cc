import { ago, counted, duration, mebibytes, percent, rate } from './format';

describe('format', () => {
  it.each([
    [-1, '0 ms'],
    [0.42, '0.4 ms'],
    [812.4, '812 ms'],
    [1_840, '1.8 s'],
    [59_999, '59 s'],
    [185_000, '3 min'],
    [7_500_000, '2 h 5 min'],
    [7_200_000, '2 h'],
    [273_600_000, '3 d 4 h'],
  ])('%d ms lasts %s', (ms, text) => expect(duration(ms)).toBe(text));

  it.each([
    [-500, 'just now'],
    [999, 'just now'],
    [1_999, '1 s ago'],
    [61_000, '1 min ago'],
  ])('%d ms is %s', (ms, text) => expect(ago(ms)).toBe(text));

  it('tells figures with as many digits as say something', () => {
    expect([rate(0), rate(0.34), rate(1234.5), percent(3.44), mebibytes(84_000_000)]).toEqual([
      '0',
      '0.3',
      '1,235',
      '3.4%',
      '80 MiB',
    ]);
    expect([counted(1, 'task'), counted(1200, 'task')]).toEqual(['1 task', '1,200 tasks']);
  });
});
