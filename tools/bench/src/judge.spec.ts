import type { Benchmark, BenchmarkGroup, FigureSpec } from './benchmark';
import { judge, type Rounds } from './judge';

const benchmark = (name: string, figures: FigureSpec[]): Benchmark => ({
  name,
  title: `The ${name}`,
  durability: 'none',
  figures,
  setUp: () => Promise.reject(new Error('not measured here')),
});

const rate = (target?: FigureSpec['target']): FigureSpec => ({
  name: 'tasks',
  unit: '/s',
  better: 'higher',
  ...(target ? { target } : {}),
});

const group = (...benchmarks: Benchmark[]): BenchmarkGroup => ({
  name: 'systems',
  title: 'Systems',
  reference: 'ours',
  benchmarks,
});

const measured = (name: string, ...tasks: number[]): Rounds => ({
  name,
  figures: new Map([['tasks', tasks]]),
});

describe('judge', () => {
  it('gives the median of the rounds, and its ratio to the reference', () => {
    const systems = group(benchmark('ours', [rate()]), benchmark('peer', [rate()]));
    const [ours, peer] = judge(systems, [
      measured('ours', 300, 100, 200),
      measured('peer', 50, 60, 40),
    ]);
    expect(ours?.figures).toEqual([
      { name: 'tasks', unit: '/s', better: 'higher', rounds: [300, 100, 200], median: 200 },
    ]);
    expect(peer?.figures[0]).toMatchObject({ median: 50, ratio: 0.25 });
  });

  it.each([
    [{ atLeast: 200 }, '≥ 200', true],
    [{ atLeast: 201 }, '≥ 201', false],
    [{ atMost: 200 }, '≤ 200', true],
    [{ atMost: 199.5 }, '≤ 200', false],
    [{ atLeastTimes: { peer: 4 } }, '≥ 4 × peer', true],
    [{ atLeastTimes: { peer: 4, other: 3 } }, '≥ 4 × peer, ≥ 3 × other', false],
    [{ atLeastTimes: { peer: 4, absent: 3 } }, '≥ 4 × peer', true],
  ] as const)('tells whether %j is reached by 200', (target, text, isReached) => {
    const systems = group(
      benchmark('ours', [rate(target)]),
      benchmark('peer', [rate()]),
      benchmark('other', [rate()]),
    );
    const [ours] = judge(systems, [
      measured('ours', 200),
      measured('peer', 50),
      measured('other', 100),
    ]);
    expect(ours?.figures[0]?.target).toEqual({ text, isReached });
  });

  it('says nothing of a target against what was not measured', () => {
    const target = { atLeastTimes: { peer: 1 } };
    const [ours] = judge(group(benchmark('ours', [rate(target)])), [measured('ours', 200)]);
    expect(ours?.figures[0]?.target).toBeUndefined();
  });

  it('says why there are no figures', () => {
    const failed = { name: 'ours', figures: new Map(), failure: 'WorkUndoneError: 1 of 2' };
    expect(judge(group(benchmark('ours', [rate()])), [failed])).toEqual([
      {
        name: 'ours',
        title: 'The ours',
        durability: 'none',
        figures: [],
        failure: 'WorkUndoneError: 1 of 2',
      },
    ]);
  });
});
