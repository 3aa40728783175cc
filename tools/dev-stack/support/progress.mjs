import { lastLines } from './ready.mjs';

const REPEAT_MS = 10_000;

/**
 * Does one step of a longer job and shows it: that it began, every ten seconds how it goes on, and
 * how long it took.
 *
 * @template Result
 * @param {string} title
 * @param {() => Promise<Result>} work
 * @param {{ logFile?: string }} [options] `logFile`: its last line is shown while one waits
 * @returns {Promise<Result>}
 */
export async function step(title, work, { logFile } = {}) {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  say(`  … ${title}`);
  const reminder = setInterval(() => {
    const line = logFile === undefined ? undefined : lastLines(logFile, 1)[0]?.slice(0, 100);
    say(`  … ${title}: ${seconds()}${line ? `; ${line}` : ''}`);
  }, REPEAT_MS);
  try {
    const result = await work();
    say(`  ✓ ${title}: ${seconds()}`);
    return result;
  } catch (error) {
    say(`  ✗ ${title}: ${seconds()}`);
    throw error;
  } finally {
    clearInterval(reminder);
  }
}

/**
 * Tells how a job goes on; standard output is for its result.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Ends a command of the dev stack with the error it met.
 *
 * @param {unknown} error
 */
export function sayError(error) {
  const message = error instanceof Error ? error.message : String(error);
  const remedy =
    error instanceof Error && 'remedy' in error && error.remedy ? `\n${error.remedy}` : '';
  process.stderr.write(`\n${message}${remedy}\n`);
}
