import { readCommandLine } from './command-line';
import { ChaosUsageError } from './errors';

describe('readCommandLine', () => {
  it('runs one round under a seed of its own choice', () => {
    const { seed, ...line } = readCommandLine([]);
    expect(line).toEqual({
      minutes: 1,
      rate: 12,
      patienceSeconds: 60,
      planOnly: false,
      clusters: false,
      previous: undefined,
    });
    expect(Number.isInteger(seed)).toBe(true);
  });

  it('takes all that makes a run', () => {
    const args = [
      '--minutes',
      '30',
      '--seed',
      '7',
      '--rate',
      '20',
      '--plan',
      '--clusters',
      '--previous',
      '../old',
    ];
    expect(readCommandLine(args)).toEqual({
      minutes: 30,
      seed: 7,
      rate: 20,
      patienceSeconds: 60,
      planOnly: true,
      clusters: true,
      previous: '../old',
    });
  });

  it.each([['--minutes', 'x'], ['--minutes', '0'], ['--seed', '-1'], ['--sed', '1'], ['round']])(
    'refuses %s %s',
    (...args) => {
      expect(() => readCommandLine(args)).toThrow(ChaosUsageError);
    },
  );
});
