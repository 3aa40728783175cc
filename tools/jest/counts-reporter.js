const { mkdirSync, writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

/**
 * Writes how many tests passed and failed to `test-results/<project>/<kind>.json`, an output that
 * Nx caches, so that `npm test` can add up a whole run, cached projects included.
 */
module.exports = class CountsReporter {
  constructor(globalConfig, options) {
    this.file = join(
      __dirname,
      '../../test-results',
      projectName(globalConfig.rootDir),
      `${options.kind}.json`,
    );
  }

  onRunComplete(_contexts, results) {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(
      this.file,
      JSON.stringify({
        passed: results.numPassedTests,
        failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
        skipped: results.numPendingTests + results.numTodoTests,
      }),
    );
  }
};

function projectName(rootDir) {
  try {
    return require(join(rootDir, 'project.json')).name;
  } catch {
    return basename(rootDir);
  }
}
