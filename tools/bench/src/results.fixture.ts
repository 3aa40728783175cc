import type { BenchResults } from './results';

/** Results with a bit of everything, for specs. */
export const RESULTS: BenchResults = {
  machine: {
    cpu: 'Some CPU',
    cores: 2,
    memoryGiB: 8,
    system: 'Some Linux',
    fsync: { median: 0.5, p99: 2 },
    versions: { Node: '20.20.0', Redis: '7.0.15' },
  },
  groups: [
    {
      name: 'systems',
      title: 'Five stages <nothing> & none',
      reference: 'ours',
      measuredAt: '2026-01-02T03:04:05.000Z',
      isQuick: false,
      benchmarks: [
        {
          name: 'ours',
          title: 'The backbone',
          durability: 'fsync',
          figures: [
            {
              name: 'tasks',
              unit: '/s',
              better: 'higher',
              rounds: [1000, 1200, 1100],
              median: 1100,
              target: { text: '≥ 1 × peer', isReached: true },
            },
            {
              name: 'p99',
              unit: 'ms',
              better: 'lower',
              rounds: [41.234],
              median: 41.234,
              target: { text: '≤ 40', isReached: false },
            },
          ],
        },
        {
          name: 'peer',
          title: 'A peer',
          durability: 'none',
          figures: [
            {
              name: 'tasks',
              unit: '/s',
              better: 'higher',
              rounds: [550],
              median: 550,
              ratio: 0.5,
            },
          ],
        },
        {
          name: 'broken',
          title: 'Another',
          durability: 'none',
          figures: [],
          failure: 'WorkUndoneError: 1 | 2\nand more',
        },
      ],
    },
  ],
};
