const FIRST_MS = 5_000;
const LONGEST_MS = 3_600_000;
/** So many take about a day. */
const MAX_ATTEMPTS = 33;

/**
 * How long to wait after so many attempts that failed, in milliseconds: 5 seconds, then twice as long
 * each time up to an hour, give or take a fifth, so that what failed together is not tried together.
 * Undefined where it is time to give up.
 */
export function backoffMs(attempts: number, random = Math.random): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  return Math.min(FIRST_MS * 2 ** (attempts - 1), LONGEST_MS) * (0.8 + 0.4 * random());
}
