import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const SHOWN_LINES = 25;

/**
 * One task of Nx that failed.
 *
 * @typedef {{ project: string, target: string }} FailedTask
 */

/**
 * One test that failed: its file and name, and what it said.
 *
 * @typedef {{ project: string, test: string, message: string }} Failure
 */

/** Targets whose tests are counted one by one, with the file that their counts are in. */
const COUNTED = new Map([
  ['test', 'unit'],
  ['integration', 'integration'],
  ['e2e', 'e2e'],
  ['long', 'long'],
]);

/**
 * Adds up the tests of a whole run: those that `<folder>/<project>/<kind>.json` tell, and one for
 * each failed task whose failure no test tells.
 *
 * @param {string} folder
 * @param {FailedTask[]} failedTasks
 */
export function addUp(folder, failedTasks) {
  /** @type {Failure[]} */
  const failures = [];
  const total = { passed: 0, failed: 0, skipped: 0, failures };
  for (const project of existsSync(folder) ? readdirSync(folder) : []) {
    for (const file of readdirSync(join(folder, project))) {
      const counts = read(join(folder, project, file));
      total.passed += counts.passed;
      total.failed += counts.failed;
      total.skipped += counts.skipped;
      failures.push(...counts.failures.map((failure) => ({ project, ...failure })));
    }
  }
  for (const { project, target } of failedTasks) {
    const kind = COUNTED.get(target);
    const file = join(folder, project, `${kind}.json`);
    const isTold = kind !== undefined && existsSync(file) && read(file).failed > 0;
    if (!isTold) total.failed += 1;
  }
  return total;
}

/**
 * A failed test as the end of a run shows it, so that nobody has to look for it in hours of output:
 * where it is, and the first lines of what it said, without colours.
 *
 * @param {Failure} failure
 */
export function describeFailure({ project, test, message }) {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, SHOWN_LINES);
  return [`✗ ${project}: ${test}`, ...lines.map((line) => `    ${line}`)].join('\n');
}

/**
 * @param {string} file
 * @returns {{ passed: number, failed: number, skipped: number, failures: Omit<Failure, 'project'>[] }}
 */
function read(file) {
  const none = { passed: 0, failed: 0, skipped: 0, failures: [] };
  return { ...none, ...JSON.parse(readFileSync(file, 'utf8')) };
}
