import type { BenchmarkGroup } from './benchmark';
import { readCommandLine, selectGroups } from './command-line';
import { BenchUsageError } from './errors';

const group = (name: string, benchmarks: string[], isLong = false): BenchmarkGroup => ({
  name,
  title: name,
  isLong,
  benchmarks: benchmarks.map((each) => ({
    name: each,
    title: each,
    durability: 'none',
    figures: [],
    setUp: () => Promise.reject(new Error('not measured here')),
  })),
});

const GROUPS = [group('systems', ['ours', 'peer']), group('memory', ['servers'], true)];

describe('readCommandLine', () => {
  it('measures all in three rounds where nothing is said', () => {
    expect(readCommandLine([])).toEqual({ isQuick: false, rounds: 3, only: [], writeDocs: false });
  });

  it('takes one round in the quick form, unless it is told', () => {
    expect(readCommandLine(['--quick'])).toMatchObject({ isQuick: true, rounds: 1 });
    expect(readCommandLine(['--quick', '--rounds', '3'])).toMatchObject({ rounds: 3 });
  });

  it('takes several names', () => {
    const line = readCommandLine(['--only', 'memory', '--only', 'systems/peer']);
    expect(line).toMatchObject({ only: ['memory', 'systems/peer'], writeDocs: false });
  });

  it('puts whole groups into the documentation, and no part of one', () => {
    expect(readCommandLine(['--only', 'memory', '--write-docs'])).toMatchObject({
      writeDocs: true,
    });
    expect(() => readCommandLine(['--only', 'systems/peer', '--write-docs'])).toThrow(
      BenchUsageError,
    );
  });

  it.each([[['--rounds', '0']], [['--rounds', 'x']], [['--fast']], [['systems']]])(
    'refuses %j',
    (args) => {
      expect(() => readCommandLine(args)).toThrow(BenchUsageError);
    },
  );
});

describe('selectGroups', () => {
  const select = (isQuick: boolean, ...only: string[]) =>
    selectGroups(GROUPS, { isQuick, only }).flatMap(({ name, benchmarks }) =>
      benchmarks.map((benchmark) => `${name}/${benchmark.name}`),
    );

  it.each([
    [false, [], ['systems/ours', 'systems/peer', 'memory/servers']],
    [true, [], ['systems/ours', 'systems/peer']],
    [true, ['memory'], ['memory/servers']],
    [false, ['systems/peer', 'memory'], ['systems/peer', 'memory/servers']],
  ])('quick %s and only %j select %j', (isQuick, only, expected) => {
    expect(select(isQuick, ...only)).toEqual(expected);
  });

  it('names what there is where a name is wrong', () => {
    expect(() => select(false, 'sytems')).toThrow(/no sytems, but: systems, systems\/ours/);
  });
});
