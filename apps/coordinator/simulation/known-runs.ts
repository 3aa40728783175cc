import type { Run } from './world';

/** Has a disaster come before the next step; the number after it says which. */
const DISASTER = 39;

/**
 * Runs in which something went wrong once, as fast-check made them simpler: each is run again for
 * ever. Whoever finds one adds it here with what it was.
 */
export const KNOWN_RUNS: readonly { readonly why: string; readonly run: Run }[] = [
  {
    why: 'nothing goes wrong',
    run: { errands: [{ template: 'wide', deadlineMs: undefined, then: 'retry' }], choices: [] },
  },
  {
    why: 'the connection was lost while a new task’s template was looked up, and its client was told',
    run: {
      errands: [{ template: 'standard_query', deadlineMs: undefined, then: 'nothing' }],
      choices: [0, 0, 0, 0, 0, 0, 0, 0, 99_999],
    },
  },
  {
    why: 'Redis came back with an older view of a task that had ended, and nobody compared them',
    run: {
      errands: [{ template: 'simple_lookup', deadlineMs: undefined, then: 'nothing' }],
      choices: [...harmless(26), DISASTER, 1, ...harmless(27), DISASTER, 2],
    },
  },
];

function harmless(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
