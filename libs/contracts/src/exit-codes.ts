/**
 * Exit codes of the backbone's commands, the same for all of them. 64–78 are those of BSD's
 * sysexits.h where one fits.
 */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'Done, or nothing to do.' },
  failure: { code: 1, meaning: 'It failed; the message says why and what to do.' },
  drift: {
    code: 2,
    meaning: 'A check found a difference between what is live and what is wanted.',
  },
  conflict: {
    code: 3,
    meaning: 'Something is in the way that cannot be changed in place; nothing was touched.',
  },
  invalid: { code: 4, meaning: 'A validation failed: checksum, unknown or missing migration.' },
  locked: { code: 5, meaning: 'Another runner held the lock until the time-out.' },
  usage: { code: 64, meaning: 'The command line is wrong.' },
  unavailable: { code: 69, meaning: 'A server could not be reached in the time given.' },
  config: { code: 78, meaning: 'An environment variable is missing or has a bad value.' },
} as const;

export type ExitCodeName = keyof typeof EXIT_CODES;
