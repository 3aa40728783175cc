import type { Run } from './world';

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
];
