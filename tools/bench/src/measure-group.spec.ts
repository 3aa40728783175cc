import type { Benchmark, BenchmarkGroup, Measurement, Workbench } from './benchmark';
import { measureGroup } from './measure-group';

let calls: string[];
beforeEach(() => (calls = []));

const bench: Workbench = {
  isQuick: true,
  folder: '/nowhere',
  servers: () => Promise.reject(new Error('no servers here')),
  say: () => undefined,
};

/** A benchmark that notes what is done with it; each round gives the next of the measurements. */
function noted(name: string, measurements: (Measurement | Error)[], setUpError?: Error): Benchmark {
  const left = [...measurements];
  const note = (what: string): void => void calls.push(`${name} ${what}`);
  return {
    name,
    title: name,
    durability: 'none',
    figures: [{ name: 'tasks', unit: '/s', better: 'higher' }],
    setUp: async () => {
      note('set up');
      if (setUpError) throw setUpError;
      return {
        warmUp: async () => note('warm-up'),
        measure: async () => {
          note('measure');
          const next = left.shift() ?? {};
          if (next instanceof Error) throw next;
          return next;
        },
        close: async () => note('close'),
      };
    },
  };
}

const groupOf = (...benchmarks: Benchmark[]): BenchmarkGroup => ({
  name: 'group',
  title: 'Group',
  benchmarks,
});

describe('measureGroup', () => {
  it('measures in turn, after all have warmed up, and closes all', async () => {
    const group = groupOf(noted('a', [{ tasks: 1 }, { tasks: 2 }]), noted('b', [{ tasks: 3 }]));
    const rounds = await measureGroup(groupOf(...group.benchmarks), { bench, rounds: 1 });
    expect(rounds.map(({ figures }) => figures.get('tasks'))).toEqual([[1], [3]]);
    expect(calls).toEqual([
      ...['a set up', 'a warm-up', 'b set up', 'b warm-up'],
      ...['a measure', 'b measure', 'a close', 'b close'],
    ]);
  });

  it('has one alone set up for its turn and closed after it, in every round', async () => {
    const group = groupOf(noted('a', [{ tasks: 1 }, { tasks: 2 }]), noted('b', [{ tasks: 3 }]));
    const [a, b] = await measureGroup({ ...group, isAlone: true }, { bench, rounds: 2 });
    expect(a?.figures.get('tasks')).toEqual([1, 2]);
    expect(b?.failure).toBe('FigureMissingError: b gave no tasks');
    const turn = (name: string) =>
      ['set up', 'warm-up', 'measure', 'close'].map((call) => `${name} ${call}`);
    expect(calls).toEqual([...turn('a'), ...turn('b'), ...turn('a'), ...turn('b')]);
  });

  it('gives one up that hangs, closes it, and goes on', async () => {
    const hanging: Benchmark = {
      ...noted('a', []),
      setUp: async () => ({
        measure: () => new Promise(() => undefined),
        close: async () => void calls.push('a close'),
      }),
    };
    const group = groupOf(hanging, noted('b', [{ tasks: 3 }]));
    const [a, b] = await measureGroup(group, { bench, rounds: 1, patienceMs: 50 });
    expect(a?.failure).toBe('WorkUndoneError: It hangs, and is given up');
    expect(b?.figures.get('tasks')).toEqual([3]);
    expect(calls.indexOf('a close')).toBeLessThan(calls.indexOf('b measure'));
  });

  it('collects every round', async () => {
    const group = groupOf(noted('a', [{ tasks: 1 }, { tasks: 5 }, { tasks: 2 }]));
    const [a] = await measureGroup(group, { bench, rounds: 3 });
    expect(a?.figures.get('tasks')).toEqual([1, 5, 2]);
  });

  it('goes on without one that fails, whose figures are void, and closes it', async () => {
    const failing = noted('a', [{ tasks: 1 }, new Error('1 of 2 tasks lost')]);
    const group = groupOf(failing, noted('b', [{ tasks: 3 }, { tasks: 4 }, { tasks: 5 }]));
    const [a, b] = await measureGroup(group, { bench, rounds: 3 });
    expect(a).toEqual({ name: 'a', figures: new Map(), failure: 'Error: 1 of 2 tasks lost' });
    expect(b?.figures.get('tasks')).toEqual([3, 4, 5]);
    expect(calls.filter((call) => call === 'a measure')).toHaveLength(2);
    expect(calls).toContain('a close');
  });

  it('goes on without one that cannot be set up', async () => {
    const broken = noted('a', [], new Error('no such program'));
    const [a, b] = await measureGroup(groupOf(broken, noted('b', [{ tasks: 3 }])), {
      bench,
      rounds: 1,
    });
    expect(a?.failure).toBe('Error: no such program');
    expect(b?.figures.get('tasks')).toEqual([3]);
  });

  it.each([[{}], [{ tasks: NaN }]])('takes no round for whole that gives %j', async (round) => {
    const [a] = await measureGroup(groupOf(noted('a', [round])), { bench, rounds: 1 });
    expect(a?.failure).toBe('FigureMissingError: a gave no tasks');
  });
});
