const { mkdirSync, writeFileSync } = require('node:fs');
const { basename, dirname, join, relative } = require('node:path');

/**
 * Writes how many tests passed and failed, and which ones failed with what, to
 * `test-results/<project>/<kind>.json`, an output that Nx caches, so that `npm test` can add up a
 * whole run, cached projects included.
 */
module.exports = class CountsReporter {
  constructor(globalConfig, options) {
    this.rootDir = globalConfig.rootDir;
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
        failures: results.testResults.flatMap((suite) => failuresOf(suite, this.rootDir)),
      }),
    );
  }
};

function failuresOf(suite, rootDir) {
  const file = relative(rootDir, suite.testFilePath);
  const failedTests = suite.testResults.filter(({ status }) => status === 'failed');
  if (failedTests.length === 0 && suite.failureMessage) {
    return [{ test: file, message: suite.failureMessage }];
  }
  return failedTests.map(({ fullName, failureMessages }) => ({
    test: `${file} › ${fullName}`,
    message: failureMessages.join('\n'),
  }));
}

function projectName(rootDir) {
  try {
    return require(join(rootDir, 'project.json')).name;
  } catch {
    return basename(rootDir);
  }
}
