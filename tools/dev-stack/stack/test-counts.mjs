import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * One task of Nx that failed.
 *
 * @typedef {{ project: string, target: string }} FailedTask
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
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const project of existsSync(folder) ? readdirSync(folder) : []) {
    for (const file of readdirSync(join(folder, project))) {
      const { passed, failed, skipped } = read(join(folder, project, file));
      total.passed += passed;
      total.failed += failed;
      total.skipped += skipped;
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
 * @param {string} file
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
function read(file) {
  return { passed: 0, failed: 0, skipped: 0, ...JSON.parse(readFileSync(file, 'utf8')) };
}
